"""What an example printed: recorded runs as lanes with their text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.site.data import PageData, Seen, ShownRun
from harness.site.lanes import Dot, Picture, picture
from harness.site.words import Phrase, Words
from harness.values.program import Side

FURTHER_RUNS = 2
"""Runs of a program other than the main one that are shown: the most frequent and the rarest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One printed line beside its dot."""

    text: str
    lane: int
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """One recorded run, drawn."""

    id: str
    kinds: tuple[str, ...]
    schedule: str
    ending: Phrase
    hung: bool
    times: int
    plain_times: int
    lanes: tuple[str, ...]
    by_thread: bool
    has_stops: bool
    picture: Picture
    lines: tuple[LineView, ...]
    left_out: int
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedView:
    """What one program printed: the runs to step through, and how many others there were."""

    id: str
    side: str
    program: str
    toolchain: str
    runs: int
    plain: int
    interleavings: int
    plain_interleavings: int
    allowed: str
    shown: tuple[RunView, ...]


def printed_views(data: PageData, words: Words) -> tuple[tuple[str, tuple[PrintedView, ...]], ...]:
    """For each program the views of its sides, each under the toolchain that ran it most."""
    names = dict.fromkeys(program.name for program in data.spec.programs)
    found = ((name, tuple(_sides(data, name, words))) for name in names)
    return tuple((name, views) for name, views in found if views)


def _sides(data: PageData, name: str, words: Words) -> Iterator[PrintedView]:
    for side in Side:
        seen = [
            s for s in data.seen if s.program.name == name and s.program.side is side and s.shown
        ]
        if seen:
            yield _printed_view(max(seen, key=lambda s: s.total.runs), words)


def _printed_view(seen: Seen, words: Words) -> PrintedView:
    name = f"run-{seen.program.side.value}-{seen.program.name}"
    shown = seen.shown if seen.program.name == "main" else seen.shown[:FURTHER_RUNS]
    return PrintedView(
        id=name,
        side=seen.program.side.value,
        program=seen.program.name,
        toolchain=seen.toolchain.title,
        runs=seen.total.runs,
        plain=seen.plain.runs,
        interleavings=seen.total.distinct,
        plain_interleavings=seen.plain.distinct,
        allowed=seen.allowed.short.replace("?", ""),
        shown=tuple(_run_view(f"{name}-{i}", run, words) for i, run in enumerate(shown, 1)),
    )


def _run_view(name: str, run: ShownRun, words: Words) -> RunView:
    return RunView(
        id=name,
        kinds=run.kinds,
        schedule=run.schedule,
        ending=words.phrase(run.ending),
        hung=run.hung,
        times=run.times,
        plain_times=run.plain_times,
        lanes=tuple(_lane_name(lane, words) for lane in run.drawing.lanes),
        by_thread=run.drawing.by_thread,
        has_stops=bool(run.drawing.stops),
        picture=picture(run.drawing),
        lines=tuple(
            LineView(text=dot.text, lane=dot.lane, when=_when(dot)) for dot in run.drawing.dots
        ),
        left_out=run.drawing.left_out,
        is_doubtful=run.is_doubtful,
    )


def _when(dot: Dot) -> str:
    """Milliseconds since the first line; empty where that is not known."""
    if dot.milliseconds is None:
        return ""
    return f"{dot.milliseconds:.1f}" if dot.milliseconds < 100 else f"{dot.milliseconds:.0f}"


def _lane_name(lane: str, words: Words) -> str:
    """A thread without a name of its own is called by its number."""
    return words.phrase(lane).text
