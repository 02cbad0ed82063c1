"""The report for a person: live progress on a terminal, plain lines everywhere else."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO, assert_never

from harness.reports import text
from harness.reports.columns import columns_of
from harness.reports.lanes import LANE_STYLES
from harness.reports.notes import notes_in_words
from harness.reports.styled import BAD, FAINT, GOOD, MARK, PLAIN, STRONG, UNSURE, TextLine, folded
from harness.values.counts import runs_in_words
from harness.values.progress import Progress
from harness.values.report import (
    BuildFinished,
    BuildStarted,
    Outcome,
    Planned,
    Report,
    RunEvent,
    RunFinished,
    SideFinished,
    Verdict,
)
from harness.values.words import count_of, visible

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

_ANSI = {
    GOOD: "32",
    BAD: "31;1",
    UNSURE: "33",
    FAINT: "2",
    STRONG: "1",
    MARK: "33;1",
    PLAIN: "",
    **dict(zip(LANE_STYLES, ("34", "33", "32", "35", "36", "94", "93", "92"), strict=True)),
}


class Terminal(Progress):
    """Tells a verification as it goes on, and what came of it; and how far other work has come.

    ``verbosity`` is -1 (only what is wrong, and the summary), 0 (a line for
    each side) or 1 (and what every property came to). No line is longer than so many
    ``columns``, by default the terminal's, or 80 where there is none; 0: as long as it is.
    """

    def __init__(
        self,
        *,
        verbosity: int = 0,
        colour: bool = False,
        live: bool = False,
        out: TextIO | None = None,
        columns: int | None = None,
    ) -> None:
        self._verbosity = verbosity
        self._colour = colour
        self._out = out or sys.stdout
        self._width = 31
        """Cells of the column of names."""
        self._columns = columns_of(self._out) if columns is None else columns
        self._live: Bar | None = _new_bar(self._out, colour=colour) if live else None
        self._task: TaskID | None = None
        self._steps = _Steps()
        self._lock = threading.Lock()
        self._started = time.monotonic()

    @property
    def has_colour(self) -> bool:
        """Whether colours are written."""
        return self._colour

    @property
    def columns(self) -> int:
        """How many a line has at most; 0: as many as it takes."""
        return self._columns

    def fit(self, names: Iterable[str]) -> None:
        """Have the column of names as wide as these, where there is no room for more."""
        if self._columns:
            self._width = min(self._width, max(map(len, names), default=self._width))

    def tell(self, event: RunEvent) -> None:
        """Show one event of the runner."""
        match event:
            case BuildStarted(toolchain=toolchain):
                self._status(f"building with {toolchain.title}")
            case BuildFinished(toolchain=toolchain, seconds=seconds, fresh=fresh):
                doing = "nothing to build" if fresh else "built"
                self._say(((FAINT, f"{doing} with {toolchain.title} in {seconds:.1f} s"),), 0)
            case Planned(runs=runs):
                self._begin(runs)
            case RunFinished(example=example, side=side, toolchain=toolchain):
                self._advance(f"{example} · {side.value} {toolchain}")
            case SideFinished(verdict=verdict):
                self._tell_verdict(verdict)
            case _:
                assert_never(event)

    def finish(self, report: Report) -> None:
        """Show what is wrong, whole, and then the summary."""
        self.close()
        self.write([()])
        for verdict in report.verdicts:
            self.write(text.explanation_lines(verdict, self._columns))
        for fault in report.faults:
            self.write([((BAD, "a fault of the harness itself, in "), (PLAIN, fault))])
        self._write_matrix(report)
        self.write(((FAINT, "note: "), (FAINT, note)) for note in notes_in_words(report))
        self.write(text.summary_lines(report))
        self.write(((BAD, "not whole: "), (PLAIN, gap)) for gap in report.gaps)

    def _write_matrix(self, report: Report) -> None:
        """The matrix, where a side has more than one toolchain; and what was not used."""
        from harness.reports.matrix import matrix_lines, matrix_of  # noqa: PLC0415 - seldom needed

        matrix = matrix_of(report)
        if matrix.is_worth_showing:
            self.write([*matrix_lines(matrix), ()])
        for missing in report.missing:
            self.write([((UNSURE, "not used: "), (PLAIN, missing))])

    def close(self) -> None:
        """Stop the live display, if there is one."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def write(self, lines: Iterable[TextLine], *, whole: bool = False) -> None:
        """Write lines, with their styles if colour is wanted.

        ``whole``: none is folded. They are what others have printed, and are to be found as such.
        """
        fitting = lines if whole else (each for line in lines for each in self._folded(line))
        content = "".join(f"{self._styled(line)}\n" for line in fitting)
        if self._live is not None:
            self._live.console.print(_as_rich(content), end="", soft_wrap=True)
        else:
            self._out.write(content)
            self._out.flush()

    def _folded(self, line: TextLine) -> Iterable[TextLine]:
        """The line in as many as it takes; as it is, where nobody knows how much room there is."""
        if not self._columns or not line:
            return [line]
        return folded(tuple((style, visible(piece)) for style, piece in line), self._columns)

    def _styled(self, line: TextLine) -> str:
        """The line as a terminal gets it: nothing that a program has printed is obeyed."""
        if not self._colour:
            return "".join(visible(piece) for _, piece in line).rstrip()
        return "".join(_coloured(style, visible(piece)) for style, piece in line)

    def _say(self, line: TextLine, verbosity: int) -> None:
        if self._verbosity >= verbosity:
            self.write([line])

    def _tell_verdict(self, verdict: Verdict) -> None:
        """One line; with ``-v`` also each property. Sides that are well are left out by ``-q``."""
        quiet = verdict.outcome in (Outcome.PASSED, Outcome.SKIPPED)
        line = text.verdict_line(verdict, self._width, self._columns)
        self._say(line, 0 if quiet else -1)
        if self._verbosity > 0:
            self.write(property_lines(verdict))

    # --- how far it has come ----------------------------------------------------

    def stage(self, words: str) -> None:
        """A line, or what the live display says for now."""
        if self._live is None:
            self._tell_progress(words)
        else:
            self._show(words, total=None)

    def begin(self, words: str, total: int) -> None:
        """Count from here; a live display begins anew."""
        self._steps = _Steps(words, total)
        if self._live is None:
            self._tell_progress(f"{count_of(total, words)} to try")
        else:
            self._show(count_of(total, words), total)

    def advance(self, words: str = "") -> None:
        """Each step on a live display; else a line for each tenth of them."""
        with self._lock:
            is_news = self._steps.count()
            line = self._steps.in_words()
        if self._live is not None and self._task is not None:
            self._live.update(self._task, advance=1, description=words)
        elif is_news:
            self._tell_progress(line)

    def _show(self, words: str, total: int | None) -> None:
        """Show a bar of so many steps; without a number, that something goes on."""
        assert self._live is not None  # noqa: S101 - asked by those who call
        if self._task is not None:
            self._live.remove_task(self._task)
        self._task = self._live.add_task(words, total=total)
        self._live.start()

    def _tell_progress(self, words: str) -> None:
        """On stderr: what is written to stdout may go into a file."""
        if self._verbosity >= 0:
            sys.stderr.write(f"{words}\n")
            sys.stderr.flush()

    # --- the live display -------------------------------------------------------

    def _begin(self, runs: int) -> None:
        """Say how many runs there will be, as a bar where the display is live."""
        if self._live is not None:
            self._show("running", runs)
        else:
            self._say(((FAINT, f"{count_of(runs, 'run')} to make"),), 0)

    def _status(self, words: str) -> None:
        if self._live is None:
            self._say(((FAINT, words),), 1)

    def _advance(self, words: str) -> None:
        if self._live is not None and self._task is not None:
            self._live.update(self._task, advance=1, description=words)


class _Steps:
    """Steps of one kind, and how many of them are done."""

    def __init__(self, words: str = "step", total: int = 0) -> None:
        self._words = words
        self._total = total
        self._done = 0

    def count(self) -> bool:
        """One more is done; whether another tenth of all has been."""
        before = 10 * self._done // max(1, self._total)
        self._done += 1
        return 10 * self._done // max(1, self._total) > before

    def in_words(self) -> str:
        """``12 of 24 controls``."""
        return f"{self._done} of {count_of(self._total, self._words)}"


def _coloured(style: str, words: str) -> str:
    return f"\x1b[{_ANSI[style]}m{words}\x1b[0m" if _ANSI[style] else words


def property_lines(verdict: Verdict) -> Iterable[TextLine]:
    """What every property came to on one side, and whether it is proved."""
    if proof := text.proof_of(verdict):
        yield ((GOOD, f"    {proof}"),)
    for result in verdict.properties:
        style = {"held": GOOD, "broke": BAD}.get(result.status, UNSURE)
        plain = None if result.plain_runs is None else result.plain_witnesses
        shown = runs_in_words(result.witnesses, plain)
        seen = f"  (seen in {shown})" if result.witnesses else ""
        reason = f"  {visible(result.reason)}" if result.reason else ""
        yield (
            (style, f"    {result.status:<15}"),
            (PLAIN, f" {result.name}"),
            (FAINT, f"{seen}{reason}"),
        )


def _new_bar(out: TextIO, *, colour: bool) -> Bar:
    """Imported here: plain output, and every other command, do without."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeElapsedColumn,
    )
    from rich.progress import Progress as Bar  # noqa: PLC0415

    return Bar(
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
        console=Console(file=out, no_color=not colour),
        transient=True,
    )


def _as_rich(content: str) -> object:
    """Styled text as rich has it; imported only where the display is live."""
    from rich.text import Text  # noqa: PLC0415

    return Text.from_ansi(content)
