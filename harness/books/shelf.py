"""The pairs that a book shows, each with what is recorded of it as it is now. Nothing is run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from harness.language.corpus import corpus_of
from harness.language.declarations import Spec
from harness.language.discovery import find_examples, select_one
from harness.language.spec import load_spec
from harness.record.verdicts import KeptVerdict
from harness.site.data import PageData, Seen
from harness.site.released import RECORD_FILE, gather_with_released
from harness.values.errors import HarnessError
from harness.values.program import Program, Side
from harness.values.report import Outcome


class NotShownError(HarnessError):
    """A pair that no book may show as checked: why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where a page leads to: ``site`` is what ``harness site`` wrote, ``repository`` the code."""

    site: str = ""
    repository: str = ""

    def of(self, spec: Spec) -> str:
        """The address of a pair; empty if none is known."""
        if self.site:
            return f"{self.site.rstrip('/')}/pairs/{spec.name}.html"
        if self.repository:
            place = f"{corpus_of(spec.directory).name}/{spec.topic}/{spec.name}"
            return f"{self.repository.rstrip('/')}/tree/HEAD/{place}"
        return ""


@dataclass
class Shelf:
    """The pairs of a corpus, with what is kept of them in ``state``."""

    corpus: Path
    state: Path
    links: Links = field(default_factory=Links)
    _pages: dict[Path, PageData] = field(default_factory=dict)

    def page(self, name: str) -> PageData:
        """All that is known of the pair; raises HarnessError if there is none of that name."""
        directory = select_one(self._directories, name)
        if directory not in self._pages:
            released = corpus_of(directory) / RECORD_FILE
            spec = load_spec(directory)
            (self._pages[directory],) = gather_with_released([spec], self.state, released)
        return self._pages[directory]

    @cached_property
    def _directories(self) -> Sequence[Path]:
        return find_examples((self.corpus,))


def see_that_it_holds(page: PageData, programs: Sequence[Program]) -> None:
    """Raises NotShownError unless each side was verified as it is now, and nothing has failed.

    Whatever was recorded counts: a schedule under which ``harness explore`` has seen a
    property broken, and a toolchain with which the pair does not pass.
    """
    sides = tuple(dict.fromkeys(program.side for program in programs))
    for side in sides:
        verdicts = [each for each in page.verdicts if each.side is side]
        for verdict in verdicts:
            _see_that_it_passed(page, verdict)
        if not verdicts:
            raise NotShownError(_stale(page, side))
    for seen in page.seen:
        if seen.program.side in sides and seen.total.violations:
            raise NotShownError(_broken(page, seen))


def _see_that_it_passed(page: PageData, verdict: KeptVerdict) -> None:
    """Raises NotShownError for a verdict that is not PASSED: a book shows what holds."""
    if verdict.outcome is Outcome.PASSED:
        return
    what = "does not pass" if verdict.outcome.is_bad else "is not known to pass"
    said = f": {verdict.said}" if verdict.said else ""
    raise NotShownError(
        f"{page.spec.id} {what} ({verdict.side.value} {verdict.toolchain}, "
        f"{verdict.outcome.value.lower().replace('_', ' ')}){said}; "
        f'"harness verify {page.spec.id}" says more'
    )


def _stale(page: PageData, side: Side) -> str:
    """Why a pair is not shown that has changed since it was verified."""
    return (
        f"{page.spec.id} was not verified as it is now ({side.value}): "
        f'run "harness verify {page.spec.id}"'
    )


def _broken(page: PageData, seen: Seen) -> str:
    """Why a pair is not shown of which the record has violations."""
    total = seen.total
    names = ", ".join(total.broke) or "a property"
    return (
        f"{page.spec.id} broke {names} in {total.violations:,} of {total.runs:,} recorded runs "
        f"({seen.program.side.value}, {seen.toolchain.title}): mend it, or its spec"
    )


def programs_shown(page: PageData, name: str, side: Side | None) -> tuple[Program, ...]:
    """The program of that name on the sides that are wanted, Python first.

    Raises NotShownError where there is none.
    """
    found = [
        program
        for each in ((side,) if side else Side)
        if (program := page.spec.program(each, name)) is not None
    ]
    if not found:
        known = ", ".join(dict.fromkeys(_names(page.spec, side))) or "none"
        of = f" {side.value}" if side else ""
        raise NotShownError(f'{page.spec.id} has no{of} program "{name}"; it has {known}')
    return tuple(found)


def _names(spec: Spec, side: Side | None) -> Iterator[str]:
    return (program.name for program in spec.programs if side in (None, program.side))


def most_run(page: PageData, program: Program) -> Seen | None:
    """What is recorded of the program under the toolchain that ran it most."""
    seen = [each for each in page.seen if each.program == program]
    return max(seen, key=lambda each: each.total.runs, default=None)
