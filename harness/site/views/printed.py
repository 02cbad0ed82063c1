"""What an example printed: recorded runs as lanes with their text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from harness.language.properties.outcomes import Outcomes
from harness.schedules.names import parse_schedule
from harness.site.authors import Stand
from harness.site.data import PageData, Seen, ShownRun
from harness.site.lanes import Dot, Drawing, Picture, picture
from harness.site.words import Phrase, Words
from harness.values.program import Side
from harness.values.run import thread_name

FURTHER_RUNS = 2
"""Runs of a program other than the main one that are shown: the telling and the most frequent."""

TONES = 8
"""Colours of lanes; the first is main's."""

_END = re.compile(r"\b(?:join|scope)\b")
"""What waits for a thread's end is called so on both sides."""

_NUMBERED = re.compile(r"(?:Thread-|thread )(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneView:
    """One lane: its name, its colour (one for a thread, on both sides), whether it has no line."""

    name: str
    tone: int
    is_silent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One printed line beside its dot."""

    text: str
    lane: int
    tone: int
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandView:
    """Where a thread of a deadlock stands: what it waits for, and the line of the program."""

    lane: int
    tone: int
    says: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """One recorded run, drawn. ``label`` says what one will see, ``how`` what scheduled it."""

    id: str
    label: str
    how: str
    schedule: str
    is_steered: bool
    ending: Phrase
    hung: bool
    times: int
    plain_times: int
    lanes: tuple[LaneView, ...]
    by_thread: bool
    has_stops: bool
    picture: Picture
    lines: tuple[LineView, ...]
    stands: tuple[StandView, ...]
    left_out: int
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedView:
    """What one program printed: the runs to step through, and how many others there were.

    ``traces`` is how many traces there are, if each of them was run; 0: that is not known.
    """

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
    traces: int = 0


Tones = Mapping[str, int]
"""The colour of each lane of a program, by its name."""


def printed_views(data: PageData, words: Words) -> tuple[tuple[str, tuple[PrintedView, ...]], ...]:
    """For each program the views of its sides, each under the toolchain that ran it most."""
    names = dict.fromkeys(program.name for program in data.spec.programs)
    found = ((name, tuple(_sides(data, name, words))) for name in names)
    return tuple((name, views) for name, views in found if views)


def _sides(data: PageData, name: str, words: Words) -> Iterator[PrintedView]:
    """What each side prints, by the toolchain with the most runs.

    A thread has one colour on both.
    """
    of_sides = []
    for side in Side:
        seen = [
            s for s in data.seen if s.program.name == name and s.program.side is side and s.shown
        ]
        if seen:
            of_sides.append(max(seen, key=lambda s: s.total.runs))
    tones = tones_of(
        dict.fromkeys(lane for s in of_sides for run in s.shown for lane in run.drawing.lanes)
    )
    for seen_of_side in of_sides:
        yield _printed_view(data, seen_of_side, tones, words)


def tones_of(lanes: Iterable[str]) -> Tones:
    """A colour for each lane: main's is its own, a thread's goes by its number, others by rank.

    So the first thread has the same colour on both sides, whatever each calls it.
    """
    tones = {}
    others = []
    for lane in lanes:
        if lane == thread_name(0):
            tones[lane] = 0
        elif found := _NUMBERED.match(lane):
            tones[lane] = 1 + (int(found[1]) - 1) % (TONES - 1)
        else:
            others.append(lane)
    free = [tone for tone in range(1, TONES) if tone not in tones.values()] or list(range(1, TONES))
    for rank, lane in enumerate(sorted(others)):
        tones[lane] = free[rank % len(free)]
    return tones


def _printed_view(data: PageData, seen: Seen, tones: Tones, words: Words) -> PrintedView:
    """All runs of main that are shown; of other programs fewer."""
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
        traces=_traces_of(seen),
        shown=tuple(
            _run_view(data, seen, f"{name}-{i}", run, tones, words)
            for i, run in enumerate(shown, 1)
        ),
    )


def _traces_of(seen: Seen) -> int:
    """Of searches with lines in one order and in every order, whichever took more runs."""
    if seen.total.broke:
        return 0
    return max((int(text) for text in seen.total.proofs if text.isdecimal()), default=0)


def _run_view(
    data: PageData, seen: Seen, name: str, run: ShownRun, tones: Tones, words: Words
) -> RunView:
    """One run as it is drawn, with a button that names it."""
    drawing = run.drawing
    schedule = parse_schedule(run.schedule)
    return RunView(
        id=name,
        label=_label(data, run, words),
        how=words.say(f"printed.how.{schedule.strategy.value}"),
        schedule=run.schedule,
        is_steered=not schedule.is_natural,
        ending=words.phrase(run.ending),
        hung=run.hung,
        times=run.times,
        plain_times=run.plain_times,
        lanes=_lane_views(drawing, tones, words),
        by_thread=drawing.by_thread,
        has_stops=bool(drawing.stops),
        picture=picture(drawing),
        lines=_line_views(drawing, tones),
        stands=tuple(
            _stand_view(data, seen, drawing, stand, tones, words) for stand in drawing.stands
        ),
        left_out=drawing.left_out,
        is_doubtful=run.is_doubtful,
    )


def _lane_views(drawing: Drawing, tones: Tones, words: Words) -> tuple[LaneView, ...]:
    """The columns of the drawing."""
    silent = drawing.silent
    return tuple(
        LaneView(
            name=_lane_name(lane, drawing, words),
            tone=tones.get(lane, 0),
            is_silent=place in silent,
        )
        for place, lane in enumerate(drawing.lanes)
    )


def _line_views(drawing: Drawing, tones: Tones) -> tuple[LineView, ...]:
    """Its rows: each line in its lane."""
    return tuple(
        LineView(
            text=dot.text,
            lane=dot.lane,
            tone=tones.get(drawing.lanes[dot.lane], 0),
            when=_when(dot),
        )
        for dot in drawing.dots
    )


def _label(data: PageData, run: ShownRun, words: Words) -> str:
    """What one will see: what it comes to, if that is graded; else what it was chosen for."""
    for prop in data.spec.properties:
        text = run.outcomes.get(prop.name)
        if isinstance(prop.rule, Outcomes) and prop.rule.of and text is not None:
            chosen = [kind for kind in run.kinds if kind != "lesson"][:1]
            said = words.lines.outcome(prop.rule, text)
            return " · ".join((said, *(words.say(f"printed.{kind}") for kind in chosen)))
    if run.hung:
        return words.say("printed.hung")
    return " · ".join(words.say(f"printed.{kind}") for kind in run.kinds) or words.say(
        "printed.any"
    )


def _stand_view(
    data: PageData, seen: Seen, drawing: Drawing, stand: Stand, tones: Tones, words: Words
) -> StandView:
    """Where a thread stands at a deadlock, and for whom it waits."""
    where = f"{stand.what}, {stand.place}" if stand.place else stand.what
    whom = _lane_name(stand.whom, drawing, words)
    return StandView(
        lane=drawing.lanes.index(stand.thread),
        tone=tones.get(stand.thread, 0),
        says=words.say(_waits(stand), whom=whom, where=where),
        code=_line_at(data.source(seen.program), seen.program.path, stand.place),
    )


def _waits(stand: Stand) -> str:
    """The text that says for what it waits: an end, what another has, or nobody knows."""
    if not stand.whom:
        return "printed.waits"
    return "printed.waits_end" if _END.search(stand.what) else "printed.waits_for"


def _line_at(source: str, path: str, place: str) -> str:
    """The line of the program that a place names, if it is in that program."""
    file, _, number = place.rpartition(":")
    lines = source.split("\n")
    is_there = number.isdigit() and path.endswith(file) and 0 < int(number) <= len(lines)
    return lines[int(number) - 1].strip() if is_there else ""


def _when(dot: Dot) -> str:
    """Milliseconds since the first line; empty where that is not known."""
    if dot.milliseconds is None:
        return ""
    return f"{dot.milliseconds:.1f}" if dot.milliseconds < 100 else f"{dot.milliseconds:.0f}"


def _lane_name(lane: str, drawing: Drawing, words: Words) -> str:
    """A thread without a name of its own is called by its number, an event by its line.

    A thread may be called as an event is: main most of all.
    """
    line = "" if drawing.by_thread else words.lines.line(lane)
    return line or words.phrase(lane).text
