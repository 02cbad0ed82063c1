"""What a variant at work shows. Plain values that a file can keep. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.values.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedLine:
    """One line of a failing trace; ``note`` is there (perhaps empty) if the line is offending.

    ``thread`` is the number of the thread that wrote it, 0 for main, if known.
    """

    number: int
    text: str
    event: str = ""
    note: str | None = None
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenProperty:
    """How one property broke: the message, and the part of the trace that shows it."""

    name: str
    message: str
    schedule: str = ""
    expected: str = ""
    found: str = ""
    lines: tuple[MarkedLine, ...] = ()
    total: int = 0
    run: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """What one control came to: the properties that broke within ``runs`` runs.

    ``unbroken`` are those that it names and that no single run broke, perhaps
    since only all runs together can; ``trouble`` says why it could not be run.
    """

    control: str
    side: str
    program: str
    toolchain: str
    broken: tuple[BrokenProperty, ...] = ()
    unbroken: tuple[str, ...] = ()
    runs: int = 0
    trouble: str = ""


def named_first(
    found: Mapping[str, BrokenProperty], named: Sequence[str]
) -> tuple[BrokenProperty, ...]:
    """What a control names comes first, in its order; then the rest as it broke."""
    first = [found[name] for name in named if name in found]
    return (*first, *(each for name, each in found.items() if name not in named))


def broken_property(finding: Finding, run: int) -> BrokenProperty:
    """The finding of one run as a value to keep; ``run`` counts the variant's runs from 1."""
    notes = {mark.line: mark.note for mark in finding.excerpt.marks}
    threads = {row.line: row.thread for row in finding.lanes}
    return BrokenProperty(
        name=finding.property,
        message=finding.violation.message,
        schedule=finding.schedule,
        expected=finding.violation.expected,
        found=finding.violation.found,
        lines=tuple(
            MarkedLine(
                number=line.number,
                text=line.text,
                event=line.event or "",
                note=notes.get(line.number),
                thread=threads.get(line.number),
            )
            for line in finding.excerpt.lines
        ),
        total=finding.excerpt.total,
        run=run,
    )
