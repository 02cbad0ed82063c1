"""evidence: the record of runs, its bounds, its safety and its exchange."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harness.record import (
    EvidenceError,
    KeptRun,
    RecordedProgram,
    RunRecord,
    Store,
    run_of,
    strategy_of,
    toolchain_of,
)
from harness.record.bounds import CONTROLLED, KEPT_BROKEN, KEPT_SOUND, MAX_SUBJECTS, NEWEST
from harness.record.encoding import (
    decode_ending,
    decode_recording,
    encode_ending,
    encode_recording,
)
from harness.record.reading import Evidence
from harness.record.schema import FILE_NAME, FORMAT
from harness.schedules.names import parse_schedule
from harness.values.program import Side
from harness.values.run import (
    Deadlocked,
    Ending,
    Exited,
    NotStarted,
    OverLimit,
    Signalled,
    TimedOut,
)

ROOT = Path(__file__).parent.parent
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SUBJECT = RecordedProgram(
    example="life-cycle/spawn", side=Side.RUST, program="main", digest="d1", source="s1",
    toolchain="stable", version="1.95.0",
)  # fmt: skip


def record(number: int = 0, **changes: object) -> RunRecord:
    """A run whose interleaving is that ``number``."""
    values: dict[str, object] = {
        "subject": SUBJECT,
        "schedule": f"random:{number}",
        "signature": f"{number:016x}",
        "ending": Exited(0),
        "wall_seconds": 0.25,
        "when": NOON + timedelta(seconds=number),
        "recording": KeptRun(stdout=f"line {number}\n".encode()),
        **changes,
    }
    return RunRecord(**values)  # type: ignore[arg-type]


def stored(store: Store, subject: RecordedProgram = SUBJECT) -> Evidence:
    """The evidence about the subject."""
    (found,) = [e for e in store.evidence(subject.example) if e.subject == subject]
    return found


def exported(store: Store) -> list[str]:
    """The lines of an export."""
    out = io.StringIO()
    store.export(out)
    return out.getvalue().splitlines()


# --- what is recorded is read -----------------------------------------------------------


def test_runs_are_added_up_by_strategy_and_in_all(tmp_path: Path) -> None:
    """Runs, violations, interleavings, endings and outcomes, for each strategy and together."""
    broken = {"broke": ("join-first", "exit-code"), "ending": Signalled("SIGABRT")}
    with Store(tmp_path) as store:
        for number in (1, 1, 2):
            store.record(record(number, outcomes={"total": "6"}))
        store.record(record(3, schedule="plain", outcomes={"total": "5"}, **broken))
        evidence = stored(store)
    assert ["plain", "random"] == list(evidence.strategies)
    total, random = evidence.total, evidence.strategies["random"]
    assert (4, 1, 1.0) == (total.runs, total.violations, total.seconds)
    assert {f"{1:016x}": 2, f"{2:016x}": 1} == random.interleavings
    assert (3, 2) == (total.distinct, total.distinct_sound)
    assert {"exit 0": 3, "signal SIGABRT": 1} == total.endings
    assert {"join-first": 1, "exit-code": 1} == total.broke
    assert {"total": {"6": 3, "5": 1}} == total.outcomes
    assert (NOON + timedelta(seconds=1), NOON + timedelta(seconds=3)) == (total.first, total.last)
    assert total.chance_of_new == 0.5
    assert pytest.approx(0.7513954) == total.rate_bound


def test_what_does_not_count_is_counted_apart(tmp_path: Path) -> None:
    """Runs that were loosely controlled, and what broke in them, which is no violation."""
    loose = record(
        1,
        signature="",
        unconfirmed=("join-first",),
        passed_over=("main was passed over", "so was 1"),
        recording=KeptRun(stdout=b"x\n", doubts=("the run left control: exec",)),
    )
    with Store(tmp_path / "one") as store:
        for each in (loose, loose, record(2, passed_over=("main was passed over",))):
            store.record(each)
        total = stored(store).total
        lines = exported(store)
        kept = store.kept_runs(SUBJECT)
    assert ({"join-first": 2}, {}) == (total.unconfirmed, total.broke)
    assert {"main was passed over": 3, "so was 1": 2} == total.loose
    assert (0, 2, 1) == (total.violations, total.uncounted, total.distinct)
    assert ("the run left control: exec",) == run_of(kept[0]).doubts
    with Store(tmp_path / "other") as store:
        store.merge(lines, "export")
        merged = stored(store).total
    assert (total.unconfirmed, total.loose) == (merged.unconfirmed, merged.loose)


def test_a_search_at_its_end_is_kept_with_how_many_traces_there_were(tmp_path: Path) -> None:
    """By whichever run was the last; also where another store has it from this one."""
    with Store(tmp_path / "one") as store:
        for each in (record(1), record(2, proof="7"), record(3, proof="7")):
            store.record(each)
        assert {"7": 2} == stored(store).total.proofs
        lines = exported(store)
    with Store(tmp_path / "other") as store:
        store.merge(lines, "export")
        assert {"7": 2} == stored(store).total.proofs


def test_counts_grow_over_several_openings(tmp_path: Path) -> None:
    """The record is there when the next process comes."""
    for _ in range(3):
        with Store(tmp_path) as store:
            store.record(record(7))
    with Store(tmp_path) as store:
        assert stored(store).total.interleavings == {f"{7:016x}": 3}


def test_a_kept_run_can_be_judged_again(tmp_path: Path) -> None:
    """All that a run gave is there: output, times, ending, and the toolchain's traits."""
    made = record(
        5,
        ending=TimedOut(3.0, idle=True),
        broke=("ends-in-time",),
        recording=KeptRun(
            stdout=b"a\xff\n", stderr=b"oops\n", arrivals=((2, 0.5),), cpu_seconds=0.125,
            stray_processes=1, log="schedule 1\n", implementation="CPython", has_gil=False,
            cores=2,
        ),
    )  # fmt: skip
    with Store(tmp_path) as store:
        store.record(made)
        assert (made,) == store.kept_runs(SUBJECT)
    run = run_of(made)
    assert (b"a\xff\n", b"oops\n", ((2, 0.5),)) == (run.stdout, run.stderr, run.arrivals)
    assert (False, 2, "1.95.0") == (
        toolchain_of(made).has_gil, toolchain_of(made).cores, toolchain_of(made).version
    )  # fmt: skip


def test_a_run_without_its_output_is_counted_but_not_judged_again(tmp_path: Path) -> None:
    """Very long outputs are not kept."""
    with Store(tmp_path) as store:
        store.record(record(recording=None))
        assert () == store.kept_runs(SUBJECT)
        assert 1 == stored(store).total.runs
        (newest,) = store.newest_runs(SUBJECT)
    with pytest.raises(ValueError, match="what this run printed was not kept"):
        run_of(newest)


@pytest.mark.parametrize(
    ("schedule", "strategy"),
    [("plain", "plain"), ("one-core", "one-core"), ("random:17", "random"), ("pct2:5", "pct2"),
     ("sticky:9/early", "sticky/early"), ("switch:3>1,9>0", "switch")],
)  # fmt: skip
def test_a_strategy_is_the_schedule_without_its_seed(schedule: str, strategy: str) -> None:
    """Runs that differ in the seed alone are one strategy's."""
    assert strategy == strategy_of(schedule)


@pytest.mark.parametrize(
    "ending",
    [Exited(3), Signalled("SIGSEGV"), TimedOut(2.5, idle=True), Deadlocked(("a waits", "b")),
     OverLimit("64 MiB of output"), NotStarted("no such file")],
)  # fmt: skip
def test_every_ending_is_read_as_it_was_written(ending: Ending) -> None:
    """Written down and read again, an ending is the same."""
    assert ending == decode_ending(encode_ending(ending))


@pytest.mark.parametrize("text", ["[]", '["Exploded", 1]', '["Exited"]', "3", "{", '"Exited"'])
def test_what_is_no_ending_is_refused(text: str) -> None:
    """Only what was written is read."""
    with pytest.raises(ValueError, match=r"."):
        decode_ending(text)


@pytest.mark.parametrize("block", [b"", b"junk", encode_recording(KeptRun(stdout=b"abc"))[:-3]])
def test_what_is_no_recording_is_refused(block: bytes) -> None:
    """A block that is cut short, or none at all, is no recording."""
    with pytest.raises(ValueError, match=r"recording"):
        decode_recording(block)


# --- bounds -----------------------------------------------------------------------------


def test_of_many_runs_the_different_ones_are_kept(tmp_path: Path) -> None:
    """The first of each interleaving and of each way to fail, and the newest, up to bounds."""
    with Store(tmp_path) as store:
        for number in range(300):
            store.record(record(number // 2))
            store.record(record(number // 2, broke=("order",), schedule="plain"))
        kept, newest = store.kept_runs(SUBJECT), store.newest_runs(SUBJECT)
        total = stored(store).total
    sound = [run for run in kept if not run.broke]
    assert (KEPT_SOUND, KEPT_SOUND + KEPT_BROKEN) == (len(sound), len(kept))
    assert [f"{number:016x}" for number in range(KEPT_SOUND)] == [run.signature for run in sound]
    assert NEWEST == len(newest)
    assert (600, 150) == (total.runs, total.distinct)


@pytest.mark.parametrize("first", ["plain", "random:1"])
def test_a_controlled_run_is_kept_beside_a_plain_one(tmp_path: Path, first: str) -> None:
    """Of one interleaving, and whichever comes first; further ones of either kind are not."""
    schedules = (first, "yield:3", "plain", "one-core", "random:1", "switch:", "pct2:5/early")
    with Store(tmp_path) as store:
        for schedule in schedules:
            store.record(record(1, schedule=schedule))
        kept = [parse_schedule(run.schedule) for run in store.kept_runs(SUBJECT)]
    assert [False, True] == sorted(schedule.is_controlled for schedule in kept)
    assert first == str(kept[0])


@pytest.mark.parametrize(
    "schedule",
    ["plain", "one-core", "yield:3", "random:1", "sticky:2/early", "pct3:7", "weighted:1",
     "switch:", "switch:3>1,early@2"],
)  # fmt: skip
def test_the_record_knows_a_controlled_run_by_its_schedule(schedule: str) -> None:
    """The SQL says what the schedule says of itself."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        query = f"SELECT {CONTROLLED} FROM (SELECT ? AS schedule)"
        (controlled,) = connection.execute(query, (schedule,)).fetchone()
    assert parse_schedule(schedule).is_controlled is bool(controlled)


def test_interleavings_past_the_bound_are_counted_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Known ones go on being told apart; the runs of others are counted, and said to be."""
    monkeypatch.setattr("harness.record.batches.MAX_SIGNATURES", 10)
    with Store(tmp_path) as store:
        for number in (*range(8), *range(20), *range(3)):
            store.record(record(number))
            if number in (7, 19):
                store.flush()
        total = stored(store).total
    assert (31, 8, 12) == (total.runs, total.distinct, total.uncounted)
    assert 3 == total.interleavings[f"{0:016x}"]


def test_outcomes_past_the_bound_are_counted_under_one_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that gives a new result each time does not fill the disk."""
    monkeypatch.setattr("harness.record.batches.MAX_TEXTS", 5)
    with Store(tmp_path) as store:
        for number in range(50):
            store.record(record(0, outcomes={"total": str(number)}))
        assert {"total": {"others": 50}} == stored(store).total.outcomes


def test_only_the_newest_versions_of_a_program_are_kept(tmp_path: Path) -> None:
    """Each change of the example begins a new count; the oldest ones go."""
    with Store(tmp_path) as store:
        for number in range(MAX_SUBJECTS + 4):
            subject = replace(SUBJECT, digest=f"d{number}")
            store.record(record(number, subject=subject))
            store.flush()
        digests = {evidence.subject.digest for evidence in store.evidence()}
    assert {f"d{number}" for number in range(4, MAX_SUBJECTS + 4)} == digests


# --- safety -----------------------------------------------------------------------------


def test_threads_record_into_one_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is lost or counted twice, with a write every few records."""
    monkeypatch.setattr("harness.record.store.BATCH", 7)
    with Store(tmp_path) as store:

        def work() -> None:
            for number in range(200):
                store.record(record(number))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        total = stored(store).total
    assert (800, 200, {4}) == (total.runs, total.distinct, set(total.interleavings.values()))


WRITER = """
import sys
from pathlib import Path
from harness.record import Store
from tests.test_evidence import record
with Store(Path(sys.argv[1])) as store:
    print("open", flush=True)
    for number in range(int(sys.argv[2])):
        store.record(record(number))
        if number % 10 == 0:
            store.flush()
"""


def start_writer(state: Path, runs: int) -> subprocess.Popen[bytes]:
    """A process that records so many runs."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(state), str(runs)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )


def test_processes_record_into_one_file(tmp_path: Path) -> None:
    """Three processes write at once, from the making of the file on; every run is counted."""
    writers = [start_writer(tmp_path, 100) for _ in range(3)]
    assert [0, 0, 0] == [writer.wait() for writer in writers]
    for writer in writers:
        writer.communicate()
    with Store(tmp_path) as store:
        assert {3} == set(stored(store).total.interleavings.values())
        assert 300 == stored(store).total.runs


def test_a_killed_writer_leaves_a_sound_record(tmp_path: Path) -> None:
    """Whatever was written before is there, whole batches of it, and writing goes on."""
    writer = start_writer(tmp_path, 10**9)
    with writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        while not (tmp_path / f"{FILE_NAME}-wal").exists():
            pass
        writer.send_signal(signal.SIGKILL)
    with Store(tmp_path) as store:
        store.record(record(5))
        total = stored(store).total
        assert [] == store.notices
    assert total.runs == sum(total.interleavings.values())
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        assert ("ok",) == connection.execute("PRAGMA integrity_check").fetchone()


def test_an_interrupted_context_writes_what_it_has(tmp_path: Path) -> None:
    """A verification that is stopped keeps the runs it made."""

    def stopped() -> None:
        with Store(tmp_path) as store:
            store.record(record(1))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    with Store(tmp_path) as store:
        assert 1 == stored(store).total.runs


def test_a_batch_that_fails_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counts and kept runs are written together or not at all, and again with the next batch."""
    with Store(tmp_path) as store:
        with monkeypatch.context() as patch:

            def fail(*_: object) -> None:
                raise sqlite3.OperationalError("database or disk is full")

            patch.setattr("harness.record.batches.prune_runs", fail)
            store.record(record(1))
            store.flush()
        assert [f"{store.path}: runs could not be recorded: database or disk is full"] == (
            store.notices
        )
        store.record(record(2))
        total = stored(store).total
    assert (2, 2) == (total.runs, total.distinct)


@pytest.mark.parametrize(
    "damage", [b"no database at all, but a text that is long enough", b"\0" * 5000]
)
def test_a_damaged_file_is_moved_aside(tmp_path: Path, damage: bytes) -> None:
    """It is said, nothing is deleted, and recording goes on in a new file."""
    (tmp_path / FILE_NAME).write_bytes(damage)
    with Store(tmp_path) as store:
        store.record(record(1))
        assert 1 == stored(store).total.runs
        (notice,) = store.notices
    (aside,) = tmp_path.glob(f"{FILE_NAME}.damaged-*")
    assert damage == aside.read_bytes()
    assert notice.startswith(f"{tmp_path / FILE_NAME}: the record of runs is damaged (file is not")
    assert notice.endswith(f"; kept as {aside.name}, a new one begun")


def test_damage_that_shows_while_writing_loses_no_run(tmp_path: Path) -> None:
    """The file is moved aside, and the batch goes into the new one."""
    with Store(tmp_path) as store:
        for number in range(500):
            store.record(record(number))
    path = tmp_path / FILE_NAME
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xaa" * (len(data) - 4096)
    path.write_bytes(data)
    with Store(tmp_path) as store:
        store.record(record(1))
        assert 1 == stored(store).total.runs
        assert "the record of runs is damaged" in store.notices[0]
    (aside,) = tmp_path.glob(f"{FILE_NAME}.damaged-*[0-9]")
    assert bytes(data) == aside.read_bytes()


def test_a_database_of_something_else_is_moved_aside(tmp_path: Path) -> None:
    """A file of that name with other tables is not written into."""
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("CREATE TABLE cookie (crumbs)")
    connection.close()
    with Store(tmp_path) as store:
        assert "a database of something else" in store.notices[0]


def test_a_record_of_a_newer_harness_is_left_alone(tmp_path: Path) -> None:
    """It is refused with what to do, and not touched."""
    Store(tmp_path).close()
    path = tmp_path / FILE_NAME
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    with pytest.raises(EvidenceError) as caught:
        Store(tmp_path)
    assert (
        f"{path}: written by a newer harness (format {FORMAT + 1}, this one reads {FORMAT}); "
        "update the harness, or give another directory with --state-dir"
    ) == str(caught.value)


def test_a_directory_that_cannot_be_is_told(tmp_path: Path) -> None:
    """Where a file is in the way, the message says which, and what to do."""
    (tmp_path / "state").write_text("")
    with pytest.raises(EvidenceError, match=r"the record of runs cannot be used: .*--state-dir"):
        Store(tmp_path / "state")


# --- exchange ---------------------------------------------------------------------------


def store_with(state: Path, numbers: range) -> Store:
    """A store that has recorded these interleavings."""
    store = Store(state)
    for number in numbers:
        store.record(record(number, outcomes={"total": "6"}))
    store.flush()
    return store


def test_merging_twice_counts_once(tmp_path: Path) -> None:
    """The second time nothing is new; later runs of the same origin are added then."""
    with store_with(tmp_path / "a", range(4)) as one, store_with(tmp_path / "b", range(6)) as two:
        lines = exported(two)
        assert (6, 0) == (one.merge(lines, "b"), one.merge(lines, "b"))
        assert 10 == stored(one).total.runs
        two.record(record(9))
        assert 1 == one.merge(exported(two), "b")
        assert 0 == one.merge(lines, "b")
        assert (11, 7) == (stored(one).total.runs, stored(one).total.distinct)


def test_what_is_merged_is_what_was_recorded(tmp_path: Path) -> None:
    """An empty store that merges an export says the same as the one that wrote it."""
    with store_with(tmp_path / "a", range(5)) as one, Store(tmp_path / "b") as two:
        two.merge(exported(one), "a")
        assert one.evidence() == two.evidence()
        assert one.kept_runs(SUBJECT) == two.kept_runs(SUBJECT)


def test_detours_and_circles_count_nothing_twice(tmp_path: Path) -> None:
    """A to b, b to c, a to c, c back to a: each run is counted once everywhere."""
    with (
        store_with(tmp_path / "a", range(3)) as a,
        store_with(tmp_path / "b", range(4)) as b,
        store_with(tmp_path / "c", range(5)) as c,
    ):
        b.merge(exported(a), "a")
        c.merge(exported(b), "b")
        c.merge(exported(a), "a")
        a.merge(exported(c), "c")
        assert (12, 12) == (stored(c).total.runs, stored(a).total.runs)
        assert stored(a) == stored(c)


def test_merging_keeps_to_the_bounds(tmp_path: Path) -> None:
    """However many traces are merged, as many are kept as of one's own."""
    with (
        store_with(tmp_path / "a", range(100)) as one,
        store_with(tmp_path / "b", range(50, 200)) as two,
    ):
        one.merge(exported(two), "b")
        kept = one.kept_runs(SUBJECT)
    assert KEPT_SOUND == len(kept)
    assert len(kept) == len({run.signature for run in kept})


@pytest.mark.parametrize(
    ("line", "change"),
    [
        (0, lambda _: "{}"),
        (0, lambda _: '{"evidence":99}'),
        (1, lambda _: "not JSON"),
        (1, lambda _: "[1, 2]"),
        (1, lambda text: text.replace('"rust"', '"cobol"')),
        (1, lambda text: text.replace('["random",', "[7,")),
        (1, lambda text: text.replace('"ending","","exit 0"', '"mood","","fine"')),
        (1, lambda text: text.replace("Exited", "Exploded")),
        (1, lambda text: text.replace("2026-03-01T12:00:00", "yesterday")),
        (1, lambda text: text.replace('"tally":[[', '"tally":[[3],[')),
        (1, lambda text: text.replace("AAAAAAAAAAA=", "!")),
    ],
)
def test_what_is_no_export_is_refused_whole(tmp_path: Path, line: int, change: object) -> None:
    """The message names the file and the line; nothing of it has been added."""
    with store_with(tmp_path / "a", range(2)) as one, Store(tmp_path / "b") as two:
        lines = exported(one)
        changed = change(lines[line])  # type: ignore[operator]
        assert changed != lines[line]
        lines[line] = changed
        lines += exported(one)[1:]
        with pytest.raises(EvidenceError) as caught:
            two.merge(lines, "shard.jsonl")
        assert () == two.evidence()
    assert str(caught.value).startswith(
        f"shard.jsonl:{line + 1}: expected what harness evidence --export writes, found "
    )


def test_an_export_of_one_example_leaves_the_others_out(tmp_path: Path) -> None:
    """Only the lines of that example are written."""
    with store_with(tmp_path, range(3)) as store:
        store.record(record(1, subject=replace(SUBJECT, example="life-cycle/join")))
        out = io.StringIO()
        assert 1 == store.export(out, "life-cycle/join")
        assert 4 == store.export(io.StringIO())
    assert "spawn" not in out.getvalue()
