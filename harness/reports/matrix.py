"""Examples × toolchains: one mark each, and the reason of every mark that is no pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.reports.styled import FAINT, PLAIN, STRONG, TextLine
from harness.reports.text import OUTCOME_STYLES
from harness.values.program import Side
from harness.values.report import Outcome, Report, Verdict
from harness.values.words import shortened

MARKS: Mapping[Outcome, str] = {
    Outcome.PASSED: "✓",
    Outcome.FAILED: "✗",
    Outcome.TIMED_OUT: "T",
    Outcome.ERRORED: "!",
    Outcome.SKIPPED: "–",
    Outcome.INCONCLUSIVE: "?",
}
"""Each outcome as one character."""

_GAP = 2


@dataclass(frozen=True, slots=True)
class Column:
    """One toolchain, by its side and label."""

    side: Side
    label: str

    def __str__(self) -> str:
        """``python 3.12``."""
        return f"{self.side.value} {self.label}"


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One example: its verdict with each toolchain, ``None`` where there is none."""

    example: str
    cells: tuple[Verdict | None, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one or several cells of an example are no pass."""

    outcome: Outcome
    example: str
    columns: tuple[Column, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """All verdicts of a report, by example and toolchain, in the report's order."""

    columns: tuple[Column, ...] = ()
    rows: tuple[MatrixRow, ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def is_worth_showing(self) -> bool:
        """Whether a side has more than one toolchain: else the list of verdicts says it all."""
        sides = [column.side for column in self.columns]
        return any(sides.count(side) > 1 for side in Side)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes that occur."""
        seen = {cell.outcome for row in self.rows for cell in row.cells if cell}
        return tuple(outcome for outcome in Outcome if outcome in seen)


def matrix_of(report: Report) -> Matrix:
    """The matrix of a report; toolchains come by side, then as the report has them."""
    cells = {
        (verdict.example, Column(verdict.side, verdict.toolchain)): verdict
        for verdict in report.verdicts
    }
    known = [Column(toolchain.side, toolchain.label) for toolchain in report.toolchains]
    every = dict.fromkeys([*known, *(column for _, column in cells)])
    columns = tuple(column for side in Side for column in every if column.side is side)
    examples = dict.fromkeys(verdict.example for verdict in report.verdicts)
    return Matrix(
        columns=columns,
        rows=tuple(
            MatrixRow(example, tuple(cells.get((example, column)) for column in columns))
            for example in examples
        ),
        reasons=tuple(_reasons(report.verdicts)),
    )


def _reasons(verdicts: Iterable[Verdict]) -> Iterator[Reason]:
    """Each reason of an example once, with the columns that it is one of."""
    grouped: dict[tuple[str, Outcome, str], list[Column]] = {}
    for verdict in verdicts:
        if verdict.outcome is not Outcome.PASSED:
            key = (verdict.example, verdict.outcome, reason_of(verdict))
            grouped.setdefault(key, []).append(Column(verdict.side, verdict.toolchain))
    for (example, outcome, text), columns in grouped.items():
        yield Reason(outcome, example, tuple(columns), text)


def reason_of(verdict: Verdict) -> str:
    """Why a verdict is no pass, on one line that is safe to show; empty for a pass."""
    names = tuple(dict.fromkeys(finding.property for finding in verdict.findings))
    if not names:
        return shortened(verdict.reason)
    message = shortened(verdict.findings[0].violation.message.replace("\n", " "))
    others = f" (and {', '.join(names[1:])})" if len(names) > 1 else ""
    return f"{names[0]}: {message}{others}"


def matrix_lines(matrix: Matrix) -> Iterator[TextLine]:
    """The matrix for a terminal, its legend, and the reasons."""
    width = max((len(row.example) for row in matrix.rows), default=0)
    widths = [max(len(column.label), 1) + _GAP for column in matrix.columns]
    yield _sides_line(matrix.columns, widths, width)
    yield ((FAINT, " " * width), *_labels(matrix.columns, widths))
    for row in matrix.rows:
        yield ((PLAIN, f"{row.example:<{width}}"), *_marks(row, widths))
    yield ()
    yield tuple((OUTCOME_STYLES[o], f"{MARKS[o]} {_word(o)}   ") for o in matrix.outcomes)
    for reason in matrix.reasons:
        yield _reason_line(reason)


def _sides_line(columns: Sequence[Column], widths: Sequence[int], indent: int) -> TextLine:
    """The first line of a table's head: each side above its toolchains."""
    pieces = [(STRONG, " " * indent)]
    for side in Side:
        of_side = [w for c, w in zip(columns, widths, strict=True) if c.side is side]
        if of_side:
            pieces.append((STRONG, f"{'':{_GAP}}{side.value}".ljust(sum(of_side))))
    return tuple(pieces)


def _labels(columns: Iterable[Column], widths: Iterable[int]) -> Iterator[tuple[str, str]]:
    for column, width in zip(columns, widths, strict=True):
        yield FAINT, f"{column.label:>{width}}"


def _marks(row: MatrixRow, widths: Iterable[int]) -> Iterator[tuple[str, str]]:
    """The marks of a row, each as wide as its column."""
    for cell, width in zip(row.cells, widths, strict=True):
        mark = MARKS[cell.outcome] if cell else ""
        yield OUTCOME_STYLES[cell.outcome] if cell else PLAIN, f"{mark:>{width}}"


def _reason_line(reason: Reason) -> TextLine:
    """Why some cells of an example are as they are, told once for all columns that have it."""
    return (
        (OUTCOME_STYLES[reason.outcome], f"{MARKS[reason.outcome]} "),
        (STRONG, reason.example),
        (PLAIN, f"  {columns_in_words(reason.columns)}"),
        (FAINT, f"  {reason.text}"),
    )


def columns_in_words(columns: Iterable[Column]) -> str:
    """``python 3.9, 3.10; rust 1.63.0``."""
    by_side: dict[Side, list[str]] = {}
    for column in columns:
        by_side.setdefault(column.side, []).append(column.label)
    return "; ".join(f"{side.value} {', '.join(labels)}" for side, labels in by_side.items())


def _word(outcome: Outcome) -> str:
    return outcome.value.lower().replace("_", " ")
