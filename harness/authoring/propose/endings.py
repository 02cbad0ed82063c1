"""Candidates for how a program ends, for its sums and outcomes, and for its speed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations

from harness.authoring.propose.candidates import Candidate, Stream, View
from harness.judging.stderr import parse_stderr
from harness.language.patterns import FieldKind
from harness.language.properties.ending import ending_text
from harness.values.finding import Line
from harness.values.program import Scope, Side, Value
from harness.values.run import Deadlocked, Exited, Run, Signalled, StderrReport, TimedOut

_TIMES = 5
_MOST_OUTCOMES = 8
_CORES = 1.2
"""From which ratio of CPU to wall time on two cores must have been at work."""
_GAIN = 1.3
"""From which ratio on one part was plainly faster than the other."""
_MARGIN = 0.05
"""So far beyond a limit must runs be before it is proposed."""
_OFTEN = 3
_BUSY_SECONDS = 0.05
"""CPU time below which a program says nothing about cores."""


def ending_candidates(view: View, runs: Sequence[Run], source: str) -> Iterator[Candidate]:
    """How every run ended, if it did not just exit with code 0."""
    endings = Counter(ending_text(run.ending) for run in runs)
    if len(endings) > 1:
        if min(endings.values()) >= _TIMES:
            are = [_outcome(text) for text in sorted(endings)]
            yield Candidate(family="outcomes", body={"of": "ending", "are": are})
        return
    reports = parse_stderr(runs[0].stderr).reports
    match runs[0].ending:
        case TimedOut() | Deadlocked():
            everywhere = [e for e in view.events if all(view.of(r, Stream(e)) for r in view.runs)]
            yield Candidate(family="hang", body={"after": everywhere})
        case Exited(code):
            if code or reports:
                yield from _endings({"code": code}, reports, source)
        case Signalled(name):
            yield from _endings({"signal": name}, reports, source)
        case _:
            return


def _endings(
    how: dict[str, object], reports: Sequence[StderrReport], source: str
) -> Iterator[Candidate]:
    """The ending with its reports, first as exact as can be; of several also in any order."""
    if not reports:
        yield Candidate(family="ending", body=how)
        return
    for is_exact in (True, False):
        tables = [_report(report, source, is_exact=is_exact) for report in reports]
        yield Candidate(family="ending", body={**how, "reports": tables})
        if len(reports) > 1:
            body = {**how, "reports": tables, "reports-in-any-order": True}
            yield Candidate(family="ending", body=body)


def _report(report: StderrReport, source: str, *, is_exact: bool) -> dict[str, str]:
    """The report as a spec would write it; without message and thread, if they differ."""
    message = report.message.replace("{", "{{").replace("}", "}}")
    said = {"panic": message} if report.kind == "panic" else {"exception": report.type}
    if report.kind != "panic" and is_exact and message:
        said["message"] = message
    if is_exact:
        said["thread"] = report.thread
    at = _source_line(report, source)
    return {**said, "at": at} if at else said


def _source_line(report: StderrReport, source: str) -> str:
    """The text of the innermost line of the program itself, if only one line reads so."""
    lines = source.split("\n")
    frames = report.frames or ((report.place,) if report.place is not None else ())
    for frame in reversed(frames):
        line = lines[frame.line - 1].strip() if 0 < frame.line <= len(lines) else ""
        if line and (not frame.text or frame.text.strip() == line):
            return line
    return ""


def _outcome(value: object) -> dict[str, object]:
    return {"is": value, "acceptable": "it was seen"}


# --- sums and outcomes ----------------------------------------------------------------


def relation_candidates(view: View) -> Iterator[Candidate]:
    """A number that is printed once, against the sum of those that are printed often."""
    fields = [
        (event, each.name)
        for event in view.events
        for each in view.patterns[event].fields
        if each.kind is FieldKind.INTEGER
    ]
    once = [e for e in view.events if all(len(view.of(r, Stream(e))) <= 1 for r in view.runs)]
    for (event, name), (other, part) in permutations(fields, 2):
        if event in once and event != other:
            total = f"{event}.{name}"
            for right in (f"sum({other}.{part})", f"max({other}.{part})", f"len({other})"):
                yield _relation(f"{total} == {right}")
            yield _relation(f"{total} < sum({other}.{part})", Scope.SOME_RUN)
    yield from _constant_sums(view, [field for field in fields if field[0] in once])


def _constant_sums(view: View, fields: Sequence[tuple[str, str]]) -> Iterator[Candidate]:
    """Two numbers that are printed once each, and make the same sum in every run."""
    first = {line.event: line for line in view.runs[0]}
    for (event, name), (other, twin) in combinations(fields, 2):
        if event in first and other in first:
            one = first[event].fields[view.position(event, name)]
            two = first[other].fields[view.position(other, twin)]
            if isinstance(one, int) and isinstance(two, int):
                yield _relation(f"{event}.{name} + {other}.{twin} == {one + two}")


def _relation(holds: str, scope: Scope = Scope.EVERY_RUN) -> Candidate:
    return Candidate(family="relation", body={"holds": holds}, scope=scope)


def outcome_candidates(view: View) -> Iterator[Candidate]:
    """A field that is printed once and differs from run to run: each of its values."""
    for event in view.events:
        lines = [view.of(run, Stream(event)) for run in view.runs]
        if any(len(found) != 1 for found in lines):
            continue
        rows = [found[0].fields for found in lines]
        fields = list(view.fields(event))
        for name, index in fields:
            yield from _listed(f"{event}.{name}", [row[index] for row in rows])
        if len(fields) > 1:
            of = [f"{event}.{name}" for name, _ in fields]
            yield from _listed(of, [tuple(row[index] for _, index in fields) for row in rows])


def _listed(
    of: str | list[str], results: Sequence[Value | tuple[Value, ...]]
) -> Iterator[Candidate]:
    """All results that there were, if none of them is rare."""
    seen = Counter(results)
    if 1 < len(seen) <= _MOST_OUTCOMES and min(seen.values()) >= _TIMES:
        are = [
            _outcome(list(result) if isinstance(result, tuple) else result)
            for result in sorted(seen, key=str)
        ]
        yield Candidate(family="outcomes", body={"of": of, "are": are})


# --- speed ----------------------------------------------------------------------------


def speed_candidates(
    view: View, runs: Sequence[Run], lines: Sequence[Sequence[Line]]
) -> Iterator[Candidate]:
    """How much faster one measured part was than another, and how many cores were at work.

    ``runs`` are those that the system scheduled, ``lines`` what they printed.
    """
    busy = [run.cpu_seconds / run.wall_seconds for run in runs if run.cpu_seconds > _BUSY_SECONDS]
    if _reached(busy, _CORES + _MARGIN):
        yield _speed({"of": "cpu/wall", "at-least": _CORES}, Scope.SOME_RUN)
    elif len(busy) == len(runs) and max(busy) < 1 + _MARGIN and runs[0].side is Side.PYTHON:
        yield _speed({"of": "cpu/wall", "at-most": 1.1}, Scope.EVERY_RUN, gil=True)
    measured = [
        (event, index, each.name)
        for event in view.events
        for index, each in enumerate(view.patterns[event].fields)
        if each.kind is FieldKind.DECIMAL
    ]
    for slow, fast in permutations(measured, 2):
        if _reached([_ratio(view, run, slow, fast) for run in lines], _GAIN + _MARGIN):
            names = [f"{slow[0]}.{slow[2]}", f"{fast[0]}.{fast[2]}"]
            yield _speed({"ratio": names, "at-least": _GAIN}, Scope.SOME_RUN)


def _reached(numbers: Sequence[float], least: float) -> bool:
    """Whether enough of the numbers are so great that it was no chance."""
    return sum(number >= least for number in numbers) >= _OFTEN


def _speed(body: dict[str, object], scope: Scope, **when: bool) -> Candidate:
    return Candidate(family="speed", body=body, scope=scope, when=when or {"cores": 2})


def _ratio(
    view: View, run: Sequence[Line], slow: tuple[str, int, str], fast: tuple[str, int, str]
) -> float:
    """The first by the second, where each is printed once; else nothing."""
    one, other = (view.of(run, Stream(event)) for event, _, _ in (slow, fast))
    if len(one) != 1 or len(other) != 1:
        return 0.0
    above, below = one[0].fields[slow[1]], other[0].fields[fast[1]]
    return float(above) / float(below) if below else 0.0
