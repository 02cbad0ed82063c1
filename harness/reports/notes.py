"""What a reader should know of how runs were made, said once for all sides that it is true of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harness.values.report import Report, Verdict

MAX_NAMED = 3
"""Examples that are named; of more, so many are said."""


def notes_in_words(report: Report) -> tuple[str, ...]:
    """Each distinct note of the verdicts, with where it holds, and then those of the report."""
    noted: dict[str, list[Verdict]] = {}
    for verdict in report.verdicts:
        for note in (*verdict.notes, *_passed_over(verdict)):
            noted.setdefault(note, []).append(verdict)
    said = (f"{_where(verdicts, report)}: {note}" for note, verdicts in noted.items())
    return (*said, *report.notes)


def _passed_over(verdict: Verdict) -> Iterator[str]:
    """What of its runs was beyond control, by thread, call and place."""
    for each in verdict.passed_over:
        program = "" if each.program == "main" else f" ({each.program})"
        yield f"loosely controlled{program}: {each}"


def _where(verdicts: Iterable[Verdict], report: Report) -> str:
    """``gil/contention, gil/processes (python 3.11, rust stable)``."""
    among = tuple(verdicts)
    columns = dict.fromkeys(map(_column, among))
    examples = tuple(dict.fromkeys(verdict.example for verdict in among))
    everywhere = {v.example for v in report.verdicts if _column(v) in columns}
    named = ", ".join(examples[:MAX_NAMED])
    if len(examples) > MAX_NAMED:
        named += f" and {len(examples) - MAX_NAMED} more"
    if len(examples) > 1 and everywhere == set(examples):
        named = "all examples"
    return f"{named} ({', '.join(columns)})"


def _column(verdict: Verdict) -> str:
    return f"{verdict.side.value} {verdict.toolchain}".rstrip()
