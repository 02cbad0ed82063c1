"""A trace as lanes: one a thread or event, a dot a line, arrows for orders that must hold. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from harness.language.declarations import Spec
from harness.language.patterns import compile_pattern
from harness.language.properties.count import Count
from harness.language.properties.order import Order
from harness.language.properties.sections import Sections
from harness.site.authors import Author, Label, Stand
from harness.values.finding import Line
from harness.values.program import Value

ROW = 26
"""Height of one line, in pixels; the stylesheet has the same number."""

COLUMN = 22
"""Width of one lane, in pixels."""

MAX_ROWS = 60
MAX_LANES = 8
MAX_ARROWS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One line of the trace: its lane (0-based), and when it came (milliseconds, or unknown)."""

    number: int
    text: str
    lane: int
    event: str = ""
    milliseconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """An order that must hold, drawn from one row to a later one (0-based)."""

    start: int
    end: int
    property: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Before a row (0-based) the thread of a lane was stopped, though it could have gone on."""

    row: int
    lane: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What there is to draw. ``left_out`` counts the lines beyond the last that is shown.

    ``stands`` say of a deadlock where its threads stand, below the last line.

    ``by_thread`` says that a lane is a thread; else it is whoever a line is
    about, or its event.
    """

    lanes: tuple[str, ...]
    dots: tuple[Dot, ...]
    arrows: tuple[Arrow, ...] = ()
    stops: tuple[Stop, ...] = ()
    stands: tuple[Stand, ...] = ()
    by_thread: bool = False
    left_out: int = 0

    @property
    def silent(self) -> frozenset[int]:
        """The lanes without a line."""
        return frozenset(range(len(self.lanes))) - {dot.lane for dot in self.dots}

    @property
    def switches(self) -> int:
        """How often the next line is another lane's: the measure of interleaving."""
        return sum(one.lane != two.lane for one, two in pairwise(self.dots))


def draw(
    spec: Spec,
    program: str,
    lines: Sequence[Line],
    *,
    authors: Sequence[Author] = (),
    threads: Sequence[str] = (),
    stands: Sequence[Stand] = (),
    milliseconds: Sequence[float] = (),
) -> Drawing:
    """The drawing of a whole trace.

    ``authors`` say for each line which thread wrote it, where that is known;
    else a lane is whoever a line is about, or its event. ``threads`` are all that
    there were: those that printed nothing have a lane, too, as far as there is room.
    """
    names = [author.thread for author in authors] or [name for _, name in labels_of(spec, lines)]
    by_thread = bool(authors)
    # More than fit side by side: by kinds of lines instead, which are fewer.
    if len(set(names)) > MAX_LANES:
        names, by_thread = [line.event or "?" for line in lines], False
    lanes = _lanes(names, threads if by_thread or not lines else ())
    dots = tuple(_dots(lines, names, lanes, milliseconds))
    return Drawing(
        lanes=lanes,
        dots=dots[:MAX_ROWS],
        arrows=tuple(_arrows(spec, program, lines[:MAX_ROWS]))[:MAX_ARROWS],
        stops=tuple(_stops(authors[:MAX_ROWS], lanes)) if by_thread else (),
        stands=tuple(stand for stand in stands if by_thread and stand.thread in lanes),
        by_thread=by_thread,
        left_out=max(0, len(dots) - MAX_ROWS),
    )


def _lanes(names: Sequence[str], threads: Sequence[str]) -> tuple[str, ...]:
    """Those with lines, silent ones where there is room; in the threads' order, if it is known."""
    spoken = tuple(dict.fromkeys(names))[:MAX_LANES]
    silent = [name for name in threads if name not in spoken]
    lanes = (*spoken, *silent[: MAX_LANES - len(spoken)])
    known = {name: place for place, name in enumerate(threads)}
    return tuple(sorted(lanes, key=lambda name: known.get(name, len(known))))


def _dots(
    lines: Sequence[Line], names: Sequence[str], lanes: tuple[str, ...], times: Sequence[float]
) -> Iterator[Dot]:
    """A dot for each line; in the last lane where the line's own has had no room."""
    for index, (line, name) in enumerate(zip(lines, names, strict=False)):
        yield Dot(
            number=line.number,
            text=line.text,
            lane=lanes.index(name) if name in lanes else len(lanes) - 1,
            event=line.event or "",
            milliseconds=times[index] if index < len(times) else None,
        )


def _stops(authors: Sequence[Author], lanes: tuple[str, ...]) -> Iterator[Stop]:
    """Where threads were stopped, between their first line and their last."""
    rows = {lane: [r for r, a in enumerate(authors) if a.thread == lane] for lane in lanes}
    for row, author in enumerate(authors):
        for thread in author.stopped:
            if rows.get(thread) and rows[thread][0] < row <= rows[thread][-1]:
                yield Stop(row=row, lane=lanes.index(thread))


def labels_of(spec: Spec, lines: Iterable[Line]) -> list[Label]:
    """For each line its event, and who it is about (see ``labeller``)."""
    return list(map(labeller(spec), lines))


def labeller(spec: Spec) -> Callable[[Line], Label]:
    """Gives a line's event, and who the line is about.

    That is the value of the field that rules tell one from another by; where
    there is none, the event again.
    """
    field = _who(spec)
    positions = {event.name: compile_pattern(event).names for event in spec.events}

    def label(line: Line) -> Label:
        """The event of a line, and who does it; the event again where no field tells."""
        event = line.event or "?"
        names = positions.get(event, ())
        if field not in names:
            return event, event
        value = line.fields[names.index(field)]
        return event, value if isinstance(value, str) else f"{field} {value}"

    return label


def _who(spec: Spec) -> str:
    """The field that names who does something, if the rules use one."""
    keys: list[str] = []
    for prop in spec.properties:
        match prop.rule:
            case Sections(who=who) if who:
                keys.append(who)
            case Order(same=same) if same:
                keys.append(same.strip("`[]").rpartition(".")[2])
            case Count(same=same) if same:
                keys.append(same)
            case _:
                pass
    return next((key for key in keys if key in ("who", "worker", "name", "thread")), "")


# --- arrows -----------------------------------------------------------------------


def _arrows(spec: Spec, program: str, lines: Sequence[Line]) -> Iterator[Arrow]:
    """For each declared order, from the last line of a stage to the first of the next.

    All other pairs follow from that one. Where the trace violates the order
    there is no arrow.
    """
    for prop in spec.properties:
        if isinstance(prop.rule, Order) and program in prop.programs:
            for start, end in sorted(set(_edges(prop.rule, lines))):
                yield Arrow(start=start, end=end, property=prop.name)


def _edges(rule: Order, lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """The rows of one rule's arrows, for each key apart."""
    staged = _by_key(rule, lines)
    for stages in staged.values():
        for earlier, later in pairwise(stages):
            if earlier and later:
                start = earlier[0] if rule.first else earlier[-1]
                if start < later[0]:
                    yield start, later[0]


def _by_key(rule: Order, lines: Sequence[Line]) -> Mapping[Value, list[list[int]]]:
    """For each key the rows of each stage."""
    found: dict[Value, list[list[int]]] = {}
    for row, line in enumerate(lines):
        for stage, key in _stages_of(rule, line):
            found.setdefault(key, [[] for _ in rule.chain])[stage].append(row)
    return found


def _stages_of(rule: Order, line: Line) -> Iterable[tuple[int, Value]]:
    """Each stage that a line is of, with its key."""
    for stage, selectors in enumerate(rule.chain):
        for position, selector in enumerate(selectors):
            if selector.event == line.event and selector.takes(line.fields):
                key = line.fields[rule.keys[stage][position]] if rule.keys else ""
                yield stage, key


# --- geometry -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One lane as paths: its stem, a dot for each of its lines, a bar for each of its stops.

    Dots are strokes of no length with round ends, which weigh least.
    """

    lane: int
    stem: str
    dots: str
    stops: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing in pixels. ``arrows`` are (path, property).

    ``waits`` lead from where a thread of a deadlock stands to where the one stands that it
    waits for.
    """

    width: int
    height: int
    tracks: tuple[Track, ...]
    arrows: tuple[tuple[str, str], ...]
    waits: tuple[str, ...] = ()


def picture(drawing: Drawing) -> Picture:
    """Where everything of a drawing lies."""
    columns = max(1, len(drawing.lanes))
    return Picture(
        width=columns * COLUMN + 8,
        height=max(1, len(drawing.dots) + len(drawing.stands)) * ROW,
        tracks=tuple(_tracks(drawing)),
        arrows=tuple((_path(drawing, arrow), arrow.property) for arrow in drawing.arrows),
        waits=tuple(_waits(drawing)),
    )


def _x(lane: int) -> int:
    return lane * COLUMN + COLUMN // 2 + 2


def _y(row: int) -> int:
    return row * ROW + ROW // 2


def _tracks(drawing: Drawing) -> Iterator[Track]:
    """The lanes that have anything on them."""
    for lane in range(len(drawing.lanes)):
        rows = [row for row, dot in enumerate(drawing.dots) if dot.lane == lane]
        below = [
            len(drawing.dots) + row
            for row, stand in enumerate(drawing.stands)
            if stand.thread == drawing.lanes[lane]
        ]
        rows += below
        stops = [stop.row for stop in drawing.stops if stop.lane == lane]
        if rows:
            yield Track(
                lane=lane,
                stem=f"M{_x(lane)} {_y(rows[0])}V{_y(rows[-1])}",
                dots="".join(f"M{_x(lane)} {_y(row)}h0" for row in rows),
                stops="".join(f"M{_x(lane) - 6} {row * ROW}h12" for row in stops),
            )


def _path(drawing: Drawing, arrow: Arrow) -> str:
    """A curve between two dots that stops short of the second, for the arrowhead.

    Within one lane it bows to the right, so that the stem does not hide it.
    """
    x1, y1 = _x(drawing.dots[arrow.start].lane), _y(arrow.start) + 6
    x2, y2 = _x(drawing.dots[arrow.end].lane), _y(arrow.end) - 9
    if x1 == x2:
        bow = min(COLUMN - 4, 7 + (arrow.end - arrow.start) * 2)
        return f"M{x1 + 5} {y1 - 4}C{x1 + bow} {y1 + 4} {x2 + bow} {y2 - 6} {x2 + 4} {y2 + 3}"
    middle = (y1 + y2) // 2
    return f"M{x1} {y1}C{x1} {middle} {x2} {middle} {x2} {y2}"


def _waits(drawing: Drawing) -> Iterator[str]:
    """A curve for each thread of a deadlock to the one that it waits for; rings close visibly."""
    first = len(drawing.dots)
    rows = {stand.thread: first + row for row, stand in enumerate(drawing.stands)}
    for stand in drawing.stands:
        if stand.whom not in rows or stand.whom == stand.thread:
            continue
        start, end = rows[stand.thread], rows[stand.whom]
        x1, x2 = (_x(drawing.lanes.index(name)) for name in (stand.thread, stand.whom))
        down = 1 if end > start else -1
        side = 8 * down
        y1, y2 = _y(start) + 6 * down, _y(end) - 9 * down
        middle = (y1 + y2) // 2
        curve = f"C{x1 + side} {middle} {x2 + side} {middle} {x2 + side // 4} {y2}"
        yield f"M{x1 + side} {y1}{curve}"
