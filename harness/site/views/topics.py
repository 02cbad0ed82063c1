"""The page of a topic: its ideas with their pairs, its diagram as strokes, what to take away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.site.topics import Diagram, DiagramRow, TopicText
from harness.site.words import Words

COLUMN = 26
"""Pixels from one lane of a diagram to the next."""

_DOT = 5
_STATES: Mapping[str, tuple[str, str, str]] = {
    ".": ("", "", ""),
    "|": ("run", "run", ""),
    ":": ("wait", "wait", ""),
    "#": ("hold", "hold", ""),
    "=": ("stuck", "stuck", ""),
    "o": ("run", "run", "dot"),
    "@": ("hold", "hold", "dot"),
    "v": ("", "run", "dot"),
    "x": ("run", "", "end"),
    "!": ("run", "", "fail"),
    "(": ("run", "hold", "dot"),
    ")": ("hold", "run", "dot"),
    "w": ("run", "wait", "dot"),
    "u": ("wait", "run", "dot"),
    "W": ("hold", "wait", "dot"),
    "U": ("wait", "hold", "dot"),
    "D": ("hold", "stuck", "dot"),
}
"""What a lane does before and after a moment, and how the moment itself is marked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A part of a lane from one height of its row to another: running, waiting, holding."""

    kind: str
    lane: int
    x: int
    top: str
    bottom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowMark:
    """What happens in the middle of a row, in one lane."""

    kind: str
    lane: int
    x: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPicture:
    """One row of a diagram; the arrow goes from one x to another."""

    strokes: tuple[Stroke, ...]
    marks: tuple[RowMark, ...]
    arrow: tuple[int, int] | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagramView:
    """A diagram; its rows tell in words what they draw. ``kinds`` are the strokes to explain."""

    caption: str
    lanes: tuple[str, ...]
    width: int
    rows: tuple[RowPicture, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaView:
    """One idea, with its pairs: address and title of each."""

    title: str
    text: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicView:
    """What the page of a topic tells."""

    ideas: tuple[IdeaView, ...]
    diagram: DiagramView
    away: tuple[str, ...]


def topic_view(told: TopicText, pairs: Mapping[str, tuple[str, str]], words: Words) -> TopicView:
    """A topic in the language of ``words``; ``pairs`` are the pages there are, by name."""

    def text(role: str, english: str) -> str:
        return words.text(told.translations, role, english)

    return TopicView(
        ideas=tuple(
            IdeaView(
                title=text(f"idea {number}", idea.title),
                text=text(f"idea {number}: text", idea.text),
                pairs=tuple(pairs[name] for name in idea.pairs if name in pairs),
            )
            for number, idea in enumerate(told.ideas, 1)
        ),
        diagram=_diagram(
            told.diagram,
            caption=text("caption", told.diagram.caption),
            lanes=tuple(text(f"lane {n}", lane) for n, lane in enumerate(told.diagram.lanes, 1)),
            rows=tuple(text(f"row {n}", row.text) for n, row in enumerate(told.diagram.rows, 1)),
        ),
        away=tuple(text(f"away {number}", each) for number, each in enumerate(told.away, 1)),
    )


def _diagram(
    diagram: Diagram, *, caption: str, lanes: tuple[str, ...], rows: tuple[str, ...]
) -> DiagramView:
    """A diagram with its texts; the legend has only the kinds of strokes that are in it."""
    drawn = tuple(_row(row, text) for row, text in zip(diagram.rows, rows, strict=True))
    there = {stroke.kind for row in drawn for stroke in row.strokes}
    return DiagramView(
        caption=caption,
        lanes=lanes,
        width=len(lanes) * COLUMN,
        rows=drawn,
        kinds=tuple(kind for kind in ("hold", "wait", "stuck") if kind in there),
    )


def _row(row: DiagramRow, text: str) -> RowPicture:
    """The strokes, the marks and the arrow of one row."""
    strokes = tuple(s for lane, mark in enumerate(row.marks) for s in _strokes(lane, mark))
    marks = tuple(
        RowMark(kind=_STATES[mark][2], lane=lane, x=_x(lane))
        for lane, mark in enumerate(row.marks)
        if _STATES[mark][2]
    )
    arrow = None
    if row.arrow is not None:
        start, end = (_x(lane - 1) for lane in row.arrow)
        aside = _DOT + 2 if end > start else -_DOT - 2
        arrow = (start + aside, end - aside)
    return RowPicture(strokes=strokes, marks=marks, arrow=arrow, text=text)


def _strokes(lane: int, mark: str) -> Iterator[Stroke]:
    """What a lane is before and after its mark; one stroke where that is the same."""
    before, after, _ = _STATES[mark]
    whole = [(before, "0", "100%")]
    halves = [(before, "0", "50%"), (after, "50%", "100%")]
    for kind, top, bottom in whole if before == after else halves:
        if kind:
            yield Stroke(kind=kind, lane=lane, x=_x(lane), top=top, bottom=bottom)


def _x(lane: int) -> int:
    return lane * COLUMN + COLUMN // 2
