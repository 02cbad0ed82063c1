"""A run as lanes of text: a line of output a row, a column for each thread or event. Pure."""

from __future__ import annotations

from collections.abc import Collection

from rich.cells import cell_len, set_cell_size

from harness.reports.styled import FAINT, Piece, TextLine
from harness.values.words import visible

LANE_STYLES = tuple(f"lane-{number}" for number in range(8))
"""The styles of lanes; further lanes share the last column and its style."""

NARROWEST = 20
"""Columns that a text is given at least, however narrow the terminal."""


class LaneText:
    """Puts lines into rows, one after the other, so that they can be shown while they come.

    ``names`` are the lanes that are likely to come: they decide how much room
    is kept. ``width`` is the terminal's, to which rows are cut; 0 cuts
    nothing.
    """

    def __init__(self, names: Collection[str] = (), width: int = 0) -> None:
        self._lanes: list[str] = []
        self._columns = min(len(names), len(LANE_STYLES))
        self._name_width = max(map(len, names), default=0)
        self._width = width
        self.has_stops = False
        """Whether some row shows that a thread was stopped."""

    def row(
        self, lane: str, text: str, *, when: str = "", stopped: Collection[str] = ()
    ) -> TextLine:
        """The row of one line: when it came, whose it is, what it says.

        ``stopped`` are the lanes whose threads were stopped before it.
        """
        number = self._number(lane)
        style = LANE_STYLES[number]
        name = f"{visible(lane):<{self._name_width}}  "
        before = (((FAINT, f"{when:>10}  "),) if when else ()) + self._gutter(number, stopped)
        used = sum(len(piece) for _, piece in before) + cell_len(name)
        return (*before, (FAINT, name), (style, self._fitted(visible(text), used)))

    def _number(self, lane: str) -> int:
        """The lane's column; a lane that is new begins here."""
        if lane not in self._lanes:
            self._lanes.append(lane)
            self._name_width = max(self._name_width, len(visible(lane)))
            self._columns = min(max(self._columns, len(self._lanes)), len(LANE_STYLES))
        return min(self._lanes.index(lane), len(LANE_STYLES) - 1)

    def _gutter(self, current: int, stopped: Collection[str]) -> tuple[Piece, ...]:
        """A column for each thread.

        A dot for the one that writes, a line for those that have begun.
        """
        pieces = []
        for number in range(self._columns):
            is_begun = number < len(self._lanes)
            is_stopped = is_begun and self._lanes[number] in stopped
            self.has_stops = self.has_stops or (is_stopped and number != current)
            sign = "●" if number == current else "┄" if is_stopped else "│" if is_begun else " "
            pieces.append((LANE_STYLES[number] if sign == "●" else FAINT, f"{sign} "))
        return (*pieces, (FAINT, " "))

    def _fitted(self, text: str, used: int) -> str:
        """The text as far as it fits beside what is there already."""
        room = max(NARROWEST, self._width - used)
        if not self._width or cell_len(text) <= room:
            return text
        return set_cell_size(text, room - 1).rstrip() + "…"
