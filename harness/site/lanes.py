"""A trace as lanes: one a thread or event, a dot a line, arrows for orders that must hold. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from harness.model import Line, Spec, Value
from harness.patterns import compile_pattern
from harness.properties.count import Count
from harness.properties.order import Order
from harness.properties.sections import Sections

ROW = 26
"""Height of one line, in pixels; the stylesheet has the same number."""

COLUMN = 18
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
    mark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """An order that must hold, drawn from one row to a later one (0-based)."""

    start: int
    end: int
    property: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What there is to draw. ``left_out`` counts the lines beyond the last that is shown."""

    lanes: tuple[str, ...]
    dots: tuple[Dot, ...]
    arrows: tuple[Arrow, ...] = ()
    left_out: int = 0

    @property
    def switches(self) -> int:
        """How often the next line is another lane's: the measure of interleaving."""
        return sum(one.lane != two.lane for one, two in pairwise(self.dots))


def draw(
    spec: Spec,
    program: str,
    lines: Sequence[Line],
    *,
    threads: Sequence[str] = (),
    milliseconds: Sequence[float] = (),
) -> Drawing:
    """The drawing of a whole trace.

    ``threads`` names for each line the thread that wrote it, where that is
    known; else a lane is whoever a line is about, or its event.
    """
    labels = list(threads) or _labels(spec, lines)
    lanes = tuple(dict.fromkeys(labels))
    if len(lanes) > MAX_LANES:
        labels = [line.event or "?" for line in lines]
        lanes = tuple(dict.fromkeys(labels))[:MAX_LANES]
    dots = tuple(
        Dot(
            number=line.number,
            text=line.text,
            lane=lanes.index(label) if label in lanes else len(lanes) - 1,
            event=line.event or "",
            milliseconds=milliseconds[index] if index < len(milliseconds) else None,
        )
        for index, (line, label) in enumerate(zip(lines, labels, strict=False))
    )
    return Drawing(
        lanes=lanes,
        dots=dots[:MAX_ROWS],
        arrows=tuple(_arrows(spec, program, lines[:MAX_ROWS]))[:MAX_ARROWS],
        left_out=max(0, len(dots) - MAX_ROWS),
    )


def _labels(spec: Spec, lines: Sequence[Line]) -> list[str]:
    """Who each line is about: the value of the field that rules tell one from another by."""
    field = _who(spec)
    positions = {event.name: compile_pattern(event).names for event in spec.events}
    labels = []
    for line in lines:
        names = positions.get(line.event or "", ())
        if field in names:
            value = line.fields[names.index(field)]
            labels.append(value if isinstance(value, str) else f"{field} {value}")
        else:
            labels.append(line.event or "?")
    return labels


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
    for stage, selectors in enumerate(rule.chain):
        for position, selector in enumerate(selectors):
            if selector.event == line.event and selector.takes(line.fields):
                key = line.fields[rule.keys[stage][position]] if rule.keys else ""
                yield stage, key


# --- geometry -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Stem:
    """The vertical line of a lane, from its first row to its last."""

    lane: int
    x: int
    top: int
    bottom: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing in pixels. ``dots`` are (lane, x, y, offending); ``paths`` are (path, property)."""

    width: int
    height: int
    stems: tuple[Stem, ...]
    dots: tuple[tuple[int, int, int, bool], ...]
    paths: tuple[tuple[str, str], ...]


def picture(drawing: Drawing) -> Picture:
    """Where everything of a drawing lies."""
    columns = max(1, len(drawing.lanes))
    return Picture(
        width=columns * COLUMN + 8,
        height=max(1, len(drawing.dots)) * ROW,
        stems=tuple(_stems(drawing)),
        dots=tuple(
            (dot.lane, _x(dot.lane), _y(row), dot.mark is not None)
            for row, dot in enumerate(drawing.dots)
        ),
        paths=tuple((_path(drawing, arrow), arrow.property) for arrow in drawing.arrows),
    )


def _x(lane: int) -> int:
    return lane * COLUMN + COLUMN // 2 + 2


def _y(row: int) -> int:
    return row * ROW + ROW // 2


def _stems(drawing: Drawing) -> Iterator[Stem]:
    for lane in range(len(drawing.lanes)):
        rows = [row for row, dot in enumerate(drawing.dots) if dot.lane == lane]
        if rows:
            yield Stem(lane=lane, x=_x(lane), top=_y(rows[0]), bottom=_y(rows[-1]))


def _path(drawing: Drawing, arrow: Arrow) -> str:
    """A curve between two dots that stops short of the second, for the arrowhead.

    Within one lane it bows to the right, so that the stem does not hide it.
    """
    x1, y1 = _x(drawing.dots[arrow.start].lane), _y(arrow.start) + 5
    x2, y2 = _x(drawing.dots[arrow.end].lane), _y(arrow.end) - 8
    if x1 == x2:
        bow = min(COLUMN - 4, 6 + (arrow.end - arrow.start) * 2)
        return f"M{x1 + 4} {y1 - 3}C{x1 + bow} {y1 + 4} {x2 + bow} {y2 - 6} {x2 + 3} {y2 + 2}"
    middle = (y1 + y2) // 2
    return f"M{x1} {y1}C{x1} {middle} {x2} {middle} {x2} {y2}"
