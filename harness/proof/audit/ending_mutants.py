"""Mutants of what a run gives beside its lines: how it ended, its stderr, what it left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from harness.judging.stderr import parse_stderr
from harness.language.declarations import Property
from harness.language.properties.speed import Speed
from harness.proof.audit.mutants import Good, TraceMutant
from harness.values.run import Deadlocked, Ending, Exited, Run, Signalled, StderrReport, TimedOut

STRAY = b"warning: something that no program here would say\n"
_OTHER_CODE = 3
_MANY_CORES = 100


def ending_mutants(good: Good) -> Iterator[TraceMutant]:
    """All mutants of how the run ended and of what it said on stderr."""
    for name, ending in _other_endings(good.run.ending):
        mutant = _mutant("change", name, replace(good.run, ending=ending))
        yield replace(mutant, ends_otherwise=True)
    yield _mutant("stray", "stderr", replace(good.run, stderr=good.run.stderr + STRAY))
    yield _mutant("stray", "process", replace(good.run, stray_processes=1))
    if good.run.stdout.endswith(b"\n"):
        yield _mutant("drop", "last line break", replace(good.run, stdout=good.run.stdout[:-1]))
    yield from _report_mutants(good.run)
    if any(_bounds_processor_time(prop) for prop in good.claims.properties):
        busier = good.run.cpu_seconds + _MANY_CORES * good.run.wall_seconds
        yield _mutant("add much to", "processor time", replace(good.run, cpu_seconds=busier))


def idle_mutant(good: Good) -> TraceMutant:
    """The run, had it used no processor time: no witness of two cores at work."""
    return _mutant("take all", "processor time", replace(good.run, cpu_seconds=0.0))


def _bounds_processor_time(prop: Property) -> bool:
    rule = prop.rule
    return isinstance(rule, Speed) and rule.ratio is None and rule.most is not None


def _other_endings(ending: Ending) -> Iterator[tuple[str, Ending]]:
    """Each other way to end that a check should tell from this one."""
    if isinstance(ending, Exited):
        yield "exit code", Exited(_OTHER_CODE if ending.code != _OTHER_CODE else 0)
        yield "ending to a hang", TimedOut(1.0, idle=True)
    if isinstance(ending, TimedOut | Deadlocked):
        yield "hang to exit 0", Exited(0)
        yield "hang to work", TimedOut(1.0)
    if ending != Signalled("SIGABRT"):
        yield "ending to SIGABRT", Signalled("SIGABRT")


# --- reports --------------------------------------------------------------------


def _report_mutants(run: Run) -> Iterator[TraceMutant]:
    """Panics and exceptions dropped, doubled, or changed in one of their parts."""
    reports = parse_stderr(run.stderr).reports
    if not reports:
        return
    yield _mutant("drop", "stderr", replace(run, stderr=b""))
    yield _mutant("double", "stderr", replace(run, stderr=run.stderr + run.stderr))
    for report in reports:
        for name, stderr in _changed_reports(run.stderr.decode("utf-8", "replace"), report):
            if stderr.encode() != run.stderr:
                yield _mutant("change", name, replace(run, stderr=stderr.encode()))


def _changed_reports(text: str, report: StderrReport) -> Iterator[tuple[str, str]]:
    """The text with another message, thread, type or place in one of its reports."""
    kind = report.kind
    if report.headline:
        at = text.rfind(report.headline)
        after = text[at + len(report.headline) :]
        yield f"{kind} message", f"{text[:at]}quite another matter{after}"
    if report.type:
        yield "exception type", _replaced_last(text, f"{report.type}", "OtherError")
    if f"thread '{report.thread}'" in text:
        yield "thread", text.replace(f"thread '{report.thread}'", "thread 'other'", 1)
    elif f"in thread {report.thread}" in text:
        yield "thread", text.replace(f"in thread {report.thread}", "in thread Other-9", 1)
    if report.place is not None:
        yield "place", _moved(text, report)


def _replaced_last(text: str, old: str, new: str) -> str:
    at = text.rfind(old)
    return text if at < 0 else text[:at] + new + text[at + len(old) :]


def _moved(text: str, report: StderrReport) -> str:
    """The report's innermost place, moved to the file's first line."""
    assert report.place is not None  # noqa: S101 - the caller has asked
    file = re.escape(report.place.file)
    if report.kind == "panic":
        return re.sub(rf"{file}:{report.place.line}:", f"{report.place.file}:1:", text, count=1)
    pattern = rf'File "{file}", line {report.place.line}\b'
    return re.sub(pattern, f'File "{report.place.file}", line 1', text)


def _mutant(operation: str, subject: str, run: Run) -> TraceMutant:
    return TraceMutant(operation=operation, subject=subject, run=run)
