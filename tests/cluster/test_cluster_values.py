"""What goes to workers and comes back: cut, packed, kept and added up."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.cluster.connection import Cluster
from harness.cluster.corpora import digest_of, found, pack, unpack
from harness.cluster.identity import own_identity
from harness.cluster.journal import Journal
from harness.cluster.lots import Lot, LotDone, LotKind, Offer, Part, PartDone, SideTold, cut
from harness.cluster.merging import InOrder
from harness.cluster.toolchains import choose, joined
from harness.judging.shown import Shown
from harness.judging.tally import Tally
from harness.machine.toolchains import ToolchainRequest
from harness.values.errors import ToolchainMissing, UsageError
from harness.values.program import Side
from harness.values.run import Exited
from harness.values.toolchain import Toolchain
from tests.test_verdict import SPEC, tally_of

OK = Exited(0)


def python(label: str, version: str, cores: int = 4) -> Toolchain:
    """An interpreter somewhere."""
    return Toolchain(
        side=Side.PYTHON,
        label=label,
        version=version,
        program=Path(f"/somewhere/{version}"),
        implementation="CPython",
        has_gil=True,
        cores=cores,
    )


RUNS = st.lists(st.sampled_from(("step 1\nstep 2\n", "step 2\n", "odd\n", "step 1\n")), max_size=12)


@settings(max_examples=40)
@given(runs=RUNS, data=st.data())
def test_parts_add_up_to_the_whole(runs: list[str], data: st.DataObject) -> None:
    """Wherever the runs of a program are cut, they come to what all of them come to at once."""
    at = data.draw(st.integers(0, len(runs)))
    whole = tally_of(SPEC, *[(text, OK) for text in runs])
    parts = [tally_of(SPEC, *[(text, OK) for text in part]) for part in (runs[:at], runs[at:])]
    joined_up = Tally(claims=whole.claims)
    for part in parts:
        joined_up.add_all(Shown.of(part))
    assert Shown.of(whole) == Shown.of(joined_up)


def test_what_is_added_shares_nothing_that_changes() -> None:
    """Adding to a copy leaves the one that it was made of as it was."""
    one = tally_of(SPEC, ("step 1\n", OK))
    copy = Shown.of(one)
    copy.add_all(Shown.of(one))
    assert (1, 2) == (one.runs, copy.runs)
    assert 1 == sum(one.signatures.values())


@settings(max_examples=40)
@given(st.permutations(range(6)))
def test_parts_are_taken_in_their_order(order: list[int]) -> None:
    """In whatever order they come, and each once, though it comes twice."""
    taken: list[int] = []
    merging = InOrder(lambda done: taken.append(done.part.start))
    for number in (*order, *order):
        part = Part(example=(0, "a/b"), program="main", start=10 * number, stop=10 * number + 10)
        merging.add(PartDone(part=part, side=SideTold(), reached=part.stop))
    assert [0, 10, 20, 30, 40, 50] == taken


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 90)), max_size=12), st.integers(1, 70)
)
def test_a_cut_leaves_nothing_out(wanted: list[tuple[str, int]], size: int) -> None:
    """Each run of each program is in one lot, of its own toolchain, and no lot is too large."""
    toolchains = {name: python(name, f"3.{ord(name)}") for name in "ab"}
    parts = [
        (toolchains[name], Part(example=(0, f"x/{number}"), program="main", stop=runs))
        for number, (name, runs) in enumerate(wanted)
    ]
    lots = list(cut(parts, size))
    asked = Counter((t.label, p.example, run) for t, p in parts for run in range(p.stop))
    found_in = Counter(
        (lot.toolchain.label, part.example, run)
        for lot in lots
        for part in lot.parts
        for run in range(part.start, part.stop)
    )
    assert asked == found_in
    assert all(lot.runs <= size for lot in lots)
    assert {p.example for _, p in parts} == {part.example for lot in lots for part in lot.parts}


def done_of(number: int) -> LotDone:
    """A lot that is done."""
    part = Part(example=(0, "a/b"), program="main", start=number, stop=number + 1)
    lot = Lot(kind=LotKind.VERIFY, toolchain=python("3.11", "3.11.7"), parts=(part,))
    done = PartDone(part=part, side=SideTold(), reached=number + 1, shown=Shown(runs=1))
    return LotDone(lot=lot, parts=(done,))


def test_a_journal_that_was_cut_off_has_all_but_the_last(tmp_path: Path) -> None:
    """Wherever it ends: what was written whole is there, and it goes on behind that."""
    journal = Journal(tmp_path, "call", goes_on=False)
    ends = []
    for number in range(3):
        journal.add(done_of(number))
        ends.append(journal.path.stat().st_size)
    content = journal.path.read_bytes()
    journal.close(is_whole=False)
    rng = random.Random(1)
    for size in (0, *ends, *(rng.randrange(len(content)) for _ in range(30))):
        journal.path.write_bytes(content[:size])
        again = Journal(tmp_path, "call", goes_on=True)
        whole = sum(end <= size for end in ends)
        known = [again.find(done_of(number).lot) for number in range(3)]
        assert [done_of(n) for n in range(whole)] == [done for done in known if done]
        again.add(done_of(2))
        assert done_of(2) == again.find(done_of(2).lot)
        again.close(is_whole=False)
    Journal(tmp_path, "call", goes_on=False).close(is_whole=True)
    assert not journal.path.exists()


def test_a_corpus_is_found_or_sent_and_never_taken_for_another(tmp_path: Path) -> None:
    """By its digest, which is that of all that is in it but what is built."""
    corpus, kept = tmp_path / "corpus", tmp_path / "kept"
    (corpus / "a" / "b" / "target").mkdir(parents=True)
    (corpus / "a" / "b" / "main.py").write_text("print(1)\n")
    (corpus / ".cargo").mkdir()
    (corpus / ".cargo" / "config.toml").write_text("")
    digest = digest_of([corpus])
    (corpus / "a" / "b" / "target" / "built").write_text("anything")
    (corpus / ".git").mkdir()
    (corpus / ".git" / "HEAD").write_text("anything")
    assert digest == digest_of([corpus])
    assert (corpus,) == found([str(corpus)], digest, kept)
    packed = pack([corpus])
    places = unpack(packed, digest, 1, kept)
    assert places == unpack(packed, digest, 1, kept) == found(["/nowhere"], digest, kept)
    assert (places[0] / ".cargo" / "config.toml").exists()
    (corpus / "a" / "b" / "main.py").write_text("print(2)\n")
    assert places == found([str(corpus)], digest, kept)
    (places[0] / "a" / "b" / "main.py").write_text("print(3)\n")
    assert found([str(corpus)], digest, kept) is None
    assert places == unpack(packed, digest, 1, kept) == found(["/nowhere"], digest, kept)
    with pytest.raises(ValueError, match="is not the corpus that was sent"):
        unpack(pack([corpus]), digest, 1, kept)
    assert [digest] == [path.name for path in kept.iterdir()]


OFFERS = (
    Offer(
        toolchains=(python("3.11", "3.11.7", cores=8), python("3.12", "3.12.1")),
        defaults=(python("3.11", "3.11.7", cores=8),),
    ),
    Offer(
        toolchains=(python("3.11", "3.11.7", cores=2), python("3.12", "3.12.4")),
        defaults=(python("3.12", "3.12.4"),),
    ),
    Offer(toolchains=(python("3.12", "3.12.4"),), defaults=(python("3.12", "3.12.4"),)),
)


def test_the_toolchains_of_all_workers_are_told_apart() -> None:
    """Each once: with the fewest cores, and a label that is no other's, whoever came first."""
    told = [(each.label, each.version, each.cores) for each in joined(OFFERS)]
    assert [("3.11", "3.11.7", 2), ("3.12.1", "3.12.1", 4), ("3.12.4", "3.12.4", 4)] == told
    assert told == [(each.label, each.version, each.cores) for each in joined(reversed(OFFERS))]


@pytest.mark.parametrize(
    ("names", "versions"),
    [
        ((), ["3.12.4"]),
        (("3.11",), ["3.11.7"]),
        (("3.12",), ["3.12.4"]),
        (("python3.12.1", "3.12.1"), ["3.12.1"]),
    ],
)
def test_a_toolchain_is_meant_by_its_name(names: tuple[str, ...], versions: list[str]) -> None:
    """The newest of that name; without one, what most workers would use."""
    chosen = choose(ToolchainRequest(pythons=names), (Side.PYTHON,), OFFERS)
    assert versions == [each.version for each in chosen.toolchains]


def test_what_no_worker_has_is_told() -> None:
    """With what there is; and that a path means nothing there."""
    with pytest.raises(ToolchainMissing) as missing:
        choose(ToolchainRequest(pythons=("3.9",)), Side, OFFERS)
    assert (
        'no worker of the cluster has a Python "3.9"; there is 3.11, 3.12.1, 3.12.4\n'
        "no worker of the cluster has a Rust toolchain"
    ) == str(missing.value)
    with pytest.raises(UsageError, match="a path means nothing to the workers"):
        choose(ToolchainRequest(pythons=("/usr/bin/python3",)), (Side.PYTHON,), OFFERS)


def test_nothing_of_dask_is_imported_before_a_cluster_is_asked_for() -> None:
    """Neither by the commands nor by what they send."""
    modules = "harness.commands.verify, harness.commands.explore, harness.commands.doctor"
    ours = "harness.cluster.worker, harness.cluster.connection, harness.cluster.exploring"
    code = f"import sys, {modules}, {ours}; sys.exit('distributed' in sys.modules)"
    assert 0 == subprocess.run((sys.executable, "-c", code), check=False).returncode


class Asked:
    """A client of a scheduler with one worker, which answers so when it is asked who it is."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def nthreads(self) -> dict[str, int]:
        """Who is there."""
        return {"tcp://there:1": 1}

    def run(self, function: Callable[..., object], *_: object, **__: object) -> dict[str, object]:
        """What is asked: the version, then who it is, then what it has."""
        answers = {"version": "0.1.0", "identify": self.answer}
        return {"tcp://there:1": answers.get(function.__name__, Offer())}


@pytest.mark.parametrize(
    ("answer", "members", "refused"),
    [
        ((own_identity(), 1), 1, 0),
        (("0.1.0 (another)", 1), 1, 1),
        (ModuleNotFoundError("No module named 'harness.cluster'"), 1, 1),
        (OSError("in <TCP (closed)>: Stream is closed"), 0, 0),
        (RuntimeError("Address removed"), 0, 0),
    ],
)
def test_a_worker_that_is_lost_when_it_is_asked_is_not_refused(
    answer: object, members: int, refused: int
) -> None:
    """Another harness is; of one that is gone nothing is known."""
    noted: list[str] = []
    cluster = Cluster(Asked(answer), is_local=False, note=noted.append)
    cluster._greet()
    assert (members, refused) == (len(cluster.members()), len(noted))
