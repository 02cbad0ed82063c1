"""A small site: three pairs of the corpus and a hostile one, with a record made up for them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from harness.judging.claims import Claims, make_claims
from harness.judging.judge import judge_run
from harness.language.declarations import Spec
from harness.language.discovery import find_examples, load_all
from harness.proof.kept import save_broken
from harness.proof.shown import Broken, BrokenProperty, MarkedLine
from harness.record import Store, record_of, subject_of
from harness.site.refusals import Refusal, save_refusals
from harness.values.program import Side
from harness.values.run import Exited, Run
from harness.values.toolchain import Toolchain

CORPUS = Path(__file__).parents[2] / "examples"
PAIRS = ("life-cycle/spawn", "life-cycle/join", "ownership/borrow-without-move")
EVIL = "</script><script>alert('x')</script><b>&amp;"

PYTHON = Toolchain(
    side=Side.PYTHON,
    label="3.11",
    version="3.11.7",
    program=Path("python3.11"),
    implementation="CPython",
    has_gil=True,
    cores=2,
)
RUST = Toolchain(side=Side.RUST, label="stable", version="1.95.0", program=Path("rustc"), cores=2)

_ORDER = """
title = "A sample"
[topics.life-cycle]
title    = "Life cycle"
examples = ["spawn", "join"]
[topics.ownership]
title    = "Ownership"
examples = ["borrow-without-move"]
"""
_HOSTILE_SPEC = f"""
title   = "{EVIL}"
summary = "{EVIL} `<i>code</i>`"

[events]
said = "{EVIL}{{n:d}}"

[always.said-once]
why    = "{EVIL}"
values = {{ of = "said.n", are = [1] }}

[guess.what-it-says]
guess = "{EVIL}"
truth = "{EVIL} `<i>code</i>`"
by    = "said-once"
"""
_HOSTILE_BREAKS = f"""
["{EVIL}"]
breaks = ["said-once"]
why    = "{EVIL}"
python = {{ replace = "\\nmain()", with = "\\nmain(2)" }}
"""
_HOSTILE_PYTHON = (
    f'def main(n: int = 1) -> None:\n    # 1. {EVIL}\n    print(f"{EVIL}{{n}}")\n\n\nmain()\n'
)
_HOSTILE_RUST = f'// 1. {EVIL}\nfn main() {{\n    println!("{EVIL}1");\n}}\n'


def sample_corpus(place: Path) -> tuple[Spec, ...]:
    """The pairs, copied below ``place``."""
    for pair in PAIRS:
        shutil.copytree(CORPUS / pair, place / pair)
    (place / "corpus.toml").write_text(_ORDER)
    hostile_pair(place)
    return load_all(find_examples((place,)))


def hostile_pair(place: Path) -> None:
    """Write the pair in which everything that can be is markup, below ``place``."""
    hostile = place / "hostile" / "hostile"
    (hostile / "src").mkdir(parents=True)
    (hostile / "example.toml").write_text(_HOSTILE_SPEC)
    (hostile / "breaks.toml").write_text(_HOSTILE_BREAKS)
    (hostile / "main.py").write_text(_HOSTILE_PYTHON)
    (hostile / "src" / "main.rs").write_text(_HOSTILE_RUST)
    (hostile / "Cargo.toml").write_text(
        '[package]\nname = "hostile"\nversion = "0.1.0"\nedition = "2021"\nrust-version = "1.63"\n'
    )


def sample_state(state: Path, specs: Iterable[Spec]) -> None:
    """Runs, controls at work and a compiler's words for the pairs, as if they had been made."""
    by_name = {spec.name: spec for spec in specs}
    with Store(state) as store:
        _record(store, by_name["spawn"], [_spawned(5), _spawned(5), _spawned(1), _spawned(0)])
        _record(store, by_name["join"], [_spawned(10)] * 3)
        _record(store, by_name["hostile"], [f"{EVIL}1\n"] * 2)
    save_broken(state, by_name["join"], [_broken("join forgotten", "worker-finishes")])
    save_broken(state, by_name["hostile"], [_broken(EVIL, "said-once")])
    said = Refusal(program="main", toolchain=RUST.title, rendered=f"error[E0373]: {EVIL}")
    save_refusals(state, by_name["borrow-without-move"], [said])


def _spawned(start: int) -> str:
    """The thread's ten lines, main's five coming in after ``start`` of them, turn by turn."""
    worker = [f"Hello, can you hear me?: {i}\n" for i in range(10)]
    main = [f"Hello from the main thread: {i}\n" for i in range(5)]
    turns = [line for pair in zip(worker[start:], main, strict=False) for line in pair]
    rest = [*worker[start + 5 :], *main[max(0, 10 - start) :]]
    return "".join([*worker[:start], *turns, *rest])


def _record(store: Store, spec: Spec, outputs: list[str]) -> None:
    for toolchain in (PYTHON, RUST):
        program = spec.program(toolchain.side, "main")
        assert program is not None
        claims = make_claims(spec, program, unmet=lambda _: "")
        subject = subject_of(claims, toolchain)
        for index, text in enumerate(outputs):
            run = made_up_run(claims, toolchain, text, index)
            if index == 2:
                run = replace(run, doubts=("the run left control: child-process",))
            if index == 3:
                run = replace(run, schedule="random:7")
            store.record(record_of(subject, claims, toolchain, run, judge_run(claims, run)))


def made_up_run(claims: Claims, toolchain: Toolchain, text: str, index: int) -> Run:
    """A plain run that printed ``text``, a line a millisecond."""
    data = text.encode()
    ends = [at + 1 for at, byte in enumerate(data) if byte == ord("\n")]
    return Run(
        side=toolchain.side,
        program=claims.program.name,
        toolchain=toolchain.label,
        schedule="plain",
        index=index,
        ending=Exited(0),
        stdout=data,
        arrivals=tuple((end, number / 1000) for number, end in enumerate(ends)),
        wall_seconds=0.02,
    )


def _broken(control: str, name: str) -> Broken:
    lines = (
        MarkedLine(number=1, text=EVIL, event="worker"),
        MarkedLine(number=2, text="too early", event="main", note=EVIL),
    )
    shown = BrokenProperty(name=name, message=EVIL, schedule="plain", lines=lines, total=2, run=1)
    return Broken(
        control=control,
        side="rust",
        program="main",
        toolchain=RUST.title,
        broken=(shown,),
        unbroken=("same-text",) if name != "said-once" else (),
        runs=4,
    )
