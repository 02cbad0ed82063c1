"""The report for a person: live progress on a terminal, plain lines everywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO, assert_never

from harness.reports import text
from harness.reports.lanes import LANE_STYLES
from harness.reports.matrix import matrix_lines, matrix_of
from harness.reports.notes import notes_in_words
from harness.reports.text import TextLine, count_of
from harness.values.counts import runs_in_words
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
from harness.values.words import visible

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_ANSI = {
    text.GOOD: "32",
    text.BAD: "31;1",
    text.UNSURE: "33",
    text.FAINT: "2",
    text.STRONG: "1",
    text.MARK: "33;1",
    text.PLAIN: "",
    **dict(zip(LANE_STYLES, ("34", "33", "32", "35", "36", "94", "93", "92"), strict=True)),
}


class Terminal:
    """Tells a verification as it goes on, and what came of it.

    ``verbosity`` is -1 (only what is wrong, and the summary), 0 (a line for
    each side) or 1 (and what every property came to).
    """

    def __init__(
        self,
        *,
        verbosity: int = 0,
        colour: bool = False,
        live: bool = False,
        out: TextIO | None = None,
    ) -> None:
        self._verbosity = verbosity
        self._colour = colour
        self._out = out or sys.stdout
        self._width = 31
        self._progress: Progress | None = _new_progress(colour=colour) if live else None
        self._task: TaskID | None = None
        self._started = time.monotonic()

    def tell(self, event: RunEvent) -> None:
        """Show one event of the runner."""
        match event:
            case BuildStarted(toolchain=toolchain):
                self._status(f"building with {toolchain.title}")
            case BuildFinished(toolchain=toolchain, seconds=seconds, fresh=fresh):
                doing = "nothing to build" if fresh else "built"
                self._say(((text.FAINT, f"{doing} with {toolchain.title} in {seconds:.1f} s"),), 0)
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
            self.write(text.explanation_lines(verdict))
        for fault in report.faults:
            self.write([((text.BAD, "a fault of the harness itself, in "), (text.PLAIN, fault))])
        self._write_matrix(report)
        self.write(((text.FAINT, "note: "), (text.FAINT, note)) for note in notes_in_words(report))
        self.write(text.summary_lines(report))
        self.write(((text.BAD, "not whole: "), (text.PLAIN, gap)) for gap in report.gaps)

    def _write_matrix(self, report: Report) -> None:
        matrix = matrix_of(report)
        if matrix.is_worth_showing:
            self.write([*matrix_lines(matrix), ()])
        for missing in report.missing:
            self.write([((text.UNSURE, "not used: "), (text.PLAIN, missing))])

    def close(self) -> None:
        """Stop the live display, if there is one."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def write(self, lines: Iterable[TextLine]) -> None:
        """Write lines, with their styles if colour is wanted."""
        content = "".join(f"{self._styled(line)}\n" for line in lines)
        if self._progress is not None:
            self._progress.console.print(_as_rich(content), end="", soft_wrap=True)
        else:
            self._out.write(content)
            self._out.flush()

    def _styled(self, line: TextLine) -> str:
        if not self._colour:
            return "".join(visible(piece) for _, piece in line).rstrip()
        return "".join(_coloured(style, visible(piece)) for style, piece in line)

    def _say(self, line: TextLine, verbosity: int) -> None:
        if self._verbosity >= verbosity:
            self.write([line])

    def _tell_verdict(self, verdict: Verdict) -> None:
        quiet = verdict.outcome in (Outcome.PASSED, Outcome.SKIPPED)
        self._say(text.verdict_line(verdict, self._width), 0 if quiet else -1)
        if self._verbosity > 0:
            self.write(property_lines(verdict))

    # --- the live display -------------------------------------------------------

    def _begin(self, runs: int) -> None:
        if self._progress is not None:
            self._task = self._progress.add_task("running", total=runs)
            self._progress.start()
        else:
            self._say(((text.FAINT, f"{count_of(runs, 'run')} to make"),), 0)

    def _status(self, words: str) -> None:
        if self._progress is None:
            self._say(((text.FAINT, words),), 1)

    def _advance(self, words: str) -> None:
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, advance=1, description=words)


def _coloured(style: str, words: str) -> str:
    return f"\x1b[{_ANSI[style]}m{words}\x1b[0m" if _ANSI[style] else words


def property_lines(verdict: Verdict) -> Iterable[TextLine]:
    """What every property came to on one side."""
    for result in verdict.properties:
        style = {"held": text.GOOD, "broke": text.BAD}.get(result.status, text.UNSURE)
        plain = None if result.plain_runs is None else result.plain_witnesses
        shown = runs_in_words(result.witnesses, plain)
        seen = f"  (seen in {shown})" if result.witnesses else ""
        reason = f"  {visible(result.reason)}" if result.reason else ""
        yield (
            (style, f"    {result.status:<15}"),
            (text.PLAIN, f" {result.name}"),
            (text.FAINT, f"{seen}{reason}"),
        )


def _new_progress(*, colour: bool) -> Progress:
    """Imported here: plain output, and every other command, do without."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    return Progress(
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
        console=Console(no_color=not colour),
        transient=True,
    )


def _as_rich(content: str) -> object:
    from rich.text import Text  # noqa: PLC0415

    return Text.from_ansi(content)
