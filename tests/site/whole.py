"""The whole corpus, and a hostile pair, with a record made up for them: nothing is run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain, cycle, islice
from pathlib import Path

from harness.judging.claims import Claims, make_claims
from harness.judging.judge import judge_run
from harness.language.declarations import Spec
from harness.language.discovery import find_examples, load_all
from harness.proof.kept import save_broken
from harness.proof.shown import Broken, BrokenProperty, MarkedLine
from harness.proof.variants import Variant, variants_of
from harness.record import Store, record_of, subject_of
from harness.site.refusals import Refusal, save_refusals
from harness.values.finding import Violation
from harness.values.messages import Argument, say
from harness.values.program import EventSpec, Program, Side
from tests.site.kinds import every_violation
from tests.site.sample import CORPUS, PYTHON, RUST, hostile_pair, made_up_run

BEFORE: dict[str, tuple[Argument, ...]] = {"before": ("worker",), "after": ("main",)}

IN_ORDER = Violation(
    message=say("order.broken", **BEFORE, where=""),
    expected=say("order.expected", **BEFORE, where=""),
    found=say("order.found", **BEFORE, early=1, late=2),
)

KINDS = (IN_ORDER, *every_violation())
"""A finding of each kind, which the controls show in turn."""

LINES = 12
"""Lines of a made-up run: as many as most programs of the corpus print."""

_FIELD = re.compile(r"\{(?P<name>\w+)(?::(?P<kind>\w))?\}")


def whole_corpus(place: Path) -> tuple[Spec, ...]:
    """Every pair of the corpus where it lies, and the hostile one, copied below ``place``."""
    hostile_pair(place)
    return load_all(find_examples((CORPUS, place)))


def whole_state(state: Path, specs: tuple[Spec, ...]) -> None:
    """Runs of every program, every control at work, every compiler's words: all made up."""
    with Store(state) as store:
        for spec in specs:
            for program in spec.programs:
                if not spec.is_refused(program):
                    _record(store, spec, program)
    kinds = cycle(KINDS)
    for spec in specs:
        variants = variants_of(spec, partial(_read, spec))
        shown = (IN_ORDER,) if spec.name == "join" else kinds
        save_broken(state, spec, (_broken(each, chain(shown, kinds)) for each in variants))
        refused = filter(spec.is_refused, spec.programs_of(Side.RUST))
        said = "error[E0382]: borrow of moved value\n --> src/main.rs:4\n"
        save_refusals(
            state,
            spec,
            [Refusal(program=p.name, toolchain=RUST.title, rendered=said * 5) for p in refused],
        )


def _read(spec: Spec, path: str) -> str:
    return (spec.directory / path).read_text(encoding="utf-8")


def _record(store: Store, spec: Spec, program: Program) -> None:
    """Runs that differ in where they begin, some of them controlled."""
    toolchain = PYTHON if program.side is Side.PYTHON else RUST
    claims = make_claims(spec, program, unmet=lambda _: "")
    subject = subject_of(claims, toolchain)
    for index, start in enumerate((0, 0, 1, 2)):
        text = "".join(f"{line}\n" for line in _lines(claims, start))
        run = made_up_run(claims, toolchain, text, index)
        if index:
            run = replace(run, schedule=f"random:{index}", log=_log(text))
        judgement = replace(judge_run(claims, run), findings=())
        store.record(record_of(subject, claims, toolchain, run, judgement))


def _lines(claims: Claims, start: int) -> Iterator[str]:
    events = [e for e in claims.spec.events if e.name in claims.bound and e.stream == "stdout"]
    return islice(cycle(map(_line, events)), start, start + LINES) if events else iter(())


def _line(event: EventSpec) -> str:
    """A line of that event."""

    def value(found: re.Match[str]) -> str:
        words = event.words.get(found["name"])
        return words[0] if words else {"d": "3", "f": "0.25"}.get(found["kind"] or "", "A")

    return _FIELD.sub(value, event.pattern)


def _log(text: str) -> str:
    """The record of a run in which three threads write the lines in turn, each stopping another."""
    sizes = [len(line) + 1 for line in text.split("\n")[:-1]]
    steps = [
        f"d {i} {i % 3} {(i + 1) % 3} 0,1,2 -\no {(i + 1) % 3} {size}"
        for i, size in enumerate(sizes)
    ]
    counts = "\n".join(f"n {thread} 9" for thread in range(3))
    body = "\n".join(["thread 1 0 Thread-1_(work)", "thread 2 0", *steps, counts])
    return f"schedule 1\n{body}\nend exit steps=9 decisions={len(sizes)} virtual_ns=0 hash=0\n"


def _broken(variant: Variant, violations: Iterable[Violation]) -> Broken:
    lines = tuple(
        MarkedLine(number=n, text=f"worker {n} has done part {n}", event="done", thread=n % 3)
        for n in range(1, 6)
    )
    marked = (*lines[:-1], replace(lines[-1], note=say("order.too-early", **BEFORE)))
    shown = (
        BrokenProperty(
            name=name,
            message=violation.message,
            expected=violation.expected,
            found=violation.found,
            schedule="random:7",
            lines=marked[index:],
            total=20,
            run=1,
        )
        for index, (name, violation) in enumerate(zip(variant.breaks, violations, strict=False))
    )
    return Broken(
        control=variant.name,
        side=variant.side.value,
        program=variant.program.name,
        toolchain=(PYTHON if variant.side is Side.PYTHON else RUST).title,
        broken=tuple(shown),
        runs=4,
    )
