"""Messages that a program or a compiler must give: patterns line by line, and pairing them up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from harness.language.patterns import Pattern, PatternError, compile_pattern
from harness.values.program import EventSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.language.tables import Table

_Claim = TypeVar("_Claim")
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Expected:
    """A text in the notation of patterns; each of its lines is matched in full."""

    text: str
    lines: tuple[Pattern | None, ...]

    def __str__(self) -> str:
        """As it is written in a spec."""
        return self.text

    def matches(self, text: str) -> bool:
        """Whether ``text`` has as many lines, and each is matched."""
        found = text.split("\n")
        return len(found) == len(self.lines) and all(
            not line if pattern is None else pattern.match(line) is not None
            for pattern, line in zip(self.lines, found, strict=True)
        )


def parse_message(table: Table, key: str) -> Expected | None:
    """Read the pattern of a message, ``None`` if the key is missing; raises SpecError."""
    text = table.take(key, None)
    if text is None:
        return None
    if not isinstance(text, str):
        table.fail(key, "expected the text of a message")
    try:
        return Expected(text, tuple(_compile(line) for line in text.split("\n")))
    except PatternError as error:
        table.fail(key, str(error))


def _compile(line: str) -> Pattern | None:
    return compile_pattern(EventSpec(name="message", pattern=line)) if line else None


def left_over(
    claims: Sequence[_Claim], items: Sequence[_Item], fits: Callable[[_Claim, _Item], bool]
) -> tuple[list[_Claim], list[_Item]]:
    """The claims and the items that stay alone when as many as can be are paired.

    A maximum matching by augmenting paths (Kuhn, "The Hungarian method for
    the assignment problem", 1955): a claim that takes much leaves an item to
    one that takes only that.
    """
    owner: dict[int, int] = {}

    def place(claim: int, tried: set[int]) -> bool:
        """An augmenting path (Kuhn, 1955).

        Whoever stands in the way is placed elsewhere, if possible.
        """
        for item in range(len(items)):
            if item not in tried and fits(claims[claim], items[item]):
                tried.add(item)
                if item not in owner or place(owner[item], tried):
                    owner[item] = claim
                    return True
        return False

    alone = [claims[claim] for claim in range(len(claims)) if not place(claim, set())]
    return alone, [item for index, item in enumerate(items) if index not in owner]
