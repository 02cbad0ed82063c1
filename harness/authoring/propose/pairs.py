"""Proposals that are about both sides, or about what the compiler says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from harness.authoring.propose.candidates import Candidate, Stream
from harness.authoring.propose.gathering import Gathered, Recorded
from harness.authoring.propose.mining import Mined
from harness.language.declarations import Spec
from harness.language.sources import source_of
from harness.values.program import Side, Value
from harness.values.toolchain import Diagnostic, Place


def agreements(gathered: Gathered) -> Iterator[Mined]:
    """Where both sides printed the same in every run: all of it, or the values of a field."""
    for (side, name), python in gathered.recorded.items():
        if side is not Side.PYTHON:
            continue
        for (other, twin), rust in gathered.recorded.items():
            if other is Side.RUST and (name == twin or _is_substitute(gathered, name, twin)):
                for body in _agreed(python, rust):
                    candidate = Candidate(family="agreement", body=body)
                    places = ((Side.PYTHON, name), (Side.RUST, twin))
                    yield Mined(candidate=candidate, places=places)


def _is_substitute(gathered: Gathered, name: str, twin: str) -> bool:
    """Whether the Rust program stands in for one that does not compile."""
    return name in gathered.refused and (Side.PYTHON, twin) not in gathered.recorded


def _agreed(python: Recorded, rust: Recorded) -> Iterator[dict[str, str]]:
    """What both sides print alike.

    All of it, or else single fields, each in the strictest way that holds.
    """
    outputs = {run.stdout for recorded in (python, rust) for run in recorded.runs}
    if len(outputs) == 1 and outputs != {b""}:
        yield {"of": "output"}
        return
    for event in (e for e in python.view.events if e in rust.view.events):
        for name, index in python.view.fields(event):
            rows = [
                tuple(line.fields[index] for line in recorded.view.of(run, Stream(event)))
                for recorded in (python, rust)
                for run in recorded.lines
            ]
            if way := _way(rows):
                yield {"of": f"{event}.{name}", "as": way}


def _way(rows: Sequence[tuple[Value, ...]]) -> str:
    """The strictest sense in which all rows are the same; none for rows of nothing."""
    if not any(rows):
        return ""
    forms: tuple[tuple[str, Sequence[object]], ...] = (
        ("sequence", rows),
        ("multiset", [tuple(sorted(Counter(row).items(), key=repr)) for row in rows]),
        ("set", [tuple(sorted(set(row), key=repr)) for row in rows]),
    )
    return next((way for way, form in forms if len(set(form)) == 1), "")


def refusals(gathered: Gathered) -> Iterator[Mined]:
    """The errors of the programs that do not compile, with a mended twin if there is one."""
    for name, refused in gathered.refused.items():
        source = _source(gathered.spec, name)
        errors = [_error(diagnostic, source) for diagnostic in refused.diagnostics]
        body: dict[str, object] = dict(errors[0]) if len(errors) == 1 else {"errors": errors}
        twins = [n for side, n in gathered.recorded if side is Side.RUST]
        if twins:
            body["mended"] = "mended" if "mended" in twins else twins[0]
        candidate = Candidate(family="compile-error", body=body)
        yield Mined(candidate=candidate, places=((Side.RUST, name),))


def _error(diagnostic: Diagnostic, source: str) -> Mapping[str, object]:
    """What is claimed of a compiler's error.

    Its code, or its message if it has none, and its line.
    """
    said = {"code": diagnostic.code}
    if not diagnostic.code:
        said = {"message": diagnostic.message.replace("{", "{{").replace("}", "}}")}
    return {**said, **_where(diagnostic.place, source.split("\n"))}


def _where(place: Place | None, lines: Sequence[str]) -> Mapping[str, object]:
    """The text of the error's line and, if several lines read so, which of them it is."""
    at = lines[place.line - 1].strip() if place is not None and place.line <= len(lines) else ""
    if not at or place is None:
        return {}
    holding = [number for number, line in enumerate(lines, 1) if at in line]
    return {"at": at} if len(holding) == 1 else {"at": at, "nth": holding.index(place.line) + 1}


def _source(spec: Spec, name: str) -> str:
    program = spec.program(Side.RUST, name)
    return source_of(spec, program) if program else ""
