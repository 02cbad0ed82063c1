"""The report in Markdown: the summary, the matrix, and what is wrong.

What programs printed is only ever inside of fences and code spans, whose
delimiters are longer than any that it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from harness.reports.matrix import (
    MARKS,
    Column,
    Matrix,
    MatrixRow,
    columns_in_words,
    matrix_of,
)
from harness.reports.notes import notes_in_words
from harness.reports.styled import plain
from harness.reports.text import explanation_lines, proof_of, summary_lines
from harness.values.program import Side
from harness.values.report import Outcome, Report, Verdict
from harness.values.words import shortened, visible

MAX_CHARACTERS = 900_000
"""A job summary of GitHub's holds no more than 1 MiB."""

MAX_FAULT = 20_000
"""Characters of a fault of ours that are shown."""

_BACKTICKS = re.compile("`+")
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~&@!]")


def markdown(report: Report, *, limit: int = MAX_CHARACTERS) -> str:
    """The whole report; explanations that do not fit into ``limit`` characters are counted."""
    matrix = matrix_of(report)
    parts = [_head(report), _table(matrix), _legend(matrix), *_notes(matrix, report)]
    room = limit - sum(len(part) + 1 for part in parts)
    parts += _explanations([v for v in report.verdicts if v.findings or v.unconfirmed], room)
    return "\n".join(part for part in parts if part)


def _head(report: Report) -> str:
    """The heading: the summary's first line, so that a list of jobs shows it."""
    first, *rest = plain(summary_lines(report)).splitlines()
    whole = "not whole: " if report.gaps else ""
    return f"## {whole}{escaped(first)}\n\n{escaped(' '.join(rest))}\n"


def _table(matrix: Matrix) -> str:
    """A row for each example, a column for each toolchain; nothing where there are no rows."""
    if not matrix.rows:
        return ""
    header = ["example", *(_title(column) for column in matrix.columns)]
    lines = [header, ["---", *(":-:" for _ in matrix.columns)]]
    lines += [_row(row) for row in matrix.rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _title(column: Column) -> str:
    name = {Side.PYTHON: "Python", Side.RUST: "Rust"}[column.side]
    return f"{name} {escaped(column.label)}"


def _row(row: MatrixRow) -> list[str]:
    return [escaped(row.example), *(MARKS[cell.outcome] if cell else "" for cell in row.cells)]


def _legend(matrix: Matrix) -> str:
    words = (f"{MARKS[o]} {o.value.lower().replace('_', ' ')}" for o in matrix.outcomes)
    return f"{' · '.join(words)}\n" if matrix.outcomes else ""


def _notes(matrix: Matrix, report: Report) -> Iterator[str]:
    """What the matrix cannot say: reasons, how runs were made, proofs, gaps, and faults of ours.

    All that programs or compilers printed is escaped or fenced: it must not become markup.
    """
    lines = [
        f"- {MARKS[reason.outcome]} **{escaped(reason.example)}** "
        f"{escaped(columns_in_words(reason.columns))}: {code(reason.text)}\n"
        for reason in matrix.reasons
    ]
    lines += [f"- {code(note)}\n" for note in notes_in_words(report)]
    lines += [
        f"- {escaped(f'{verdict.example}, {verdict.side.value} {verdict.toolchain}: {proof}')}\n"
        for verdict in report.verdicts
        if (proof := proof_of(verdict))
    ]
    lines += [f"- not whole: {code(gap)}\n" for gap in report.gaps]
    lines += [f"- not used: {code(missing)}\n" for missing in report.missing]
    lines += [
        f"- a fault of the harness itself:\n\n{fenced(fault[:MAX_FAULT])}"
        for fault in report.faults
    ]
    yield "".join(lines)


def _explanations(verdicts: Iterable[Verdict], room: int) -> Iterator[str]:
    """As many explanations as there is room for, in characters, and how many are left out."""
    left_out = 0
    for verdict in verdicts:
        part = _explanation(verdict)
        room -= len(part) + 1
        if room > 0:
            yield part
        else:
            left_out += 1
    if left_out:
        yield f"… and {left_out} more, for which there was no room.\n"


def _explanation(verdict: Verdict) -> str:
    """An explanation to be unfolded; what has failed is open already."""
    title = f"{verdict.example} · {verdict.side.value} {verdict.toolchain}"
    is_open = " open" if verdict.outcome is Outcome.FAILED else ""
    body = fenced(plain(explanation_lines(verdict)))
    return (
        f"<details{is_open}><summary>{verdict.outcome.value} {_as_html(title)}</summary>\n\n"
        f"{body}\n</details>\n"
    )


def escaped(text: str) -> str:
    """The text such that none of it is taken for Markdown; on one line."""
    return _SPECIAL.sub(r"\\\g<0>", visible(text).replace("\n", " "))


def code(text: str) -> str:
    """The text as a code span, on one line."""
    shown = shortened(text.replace("\n", " ")) or " "
    ticks = "`" * (_longest_run(shown) + 1)
    padding = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{ticks}{padding}{shown}{padding}{ticks}"


def fenced(text: str) -> str:
    """The text in a fence that nothing in it can close."""
    shown = visible(text).rstrip("\n")
    fence = "`" * max(3, _longest_run(shown) + 1)
    return f"{fence}text\n{shown}\n{fence}\n"


def _longest_run(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)


def _as_html(text: str) -> str:
    shown = visible(text).replace("&", "&amp;")
    return shown.replace("<", "&lt;").replace(">", "&gt;")
