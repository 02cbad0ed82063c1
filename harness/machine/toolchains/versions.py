"""Comparing versions: dotted numbers, of which a pre-release counts as its release.

That is how toolchains are used here: ``>=1.97`` is meant to hold on the
1.97 nightly, and ``>=3.14`` on a release candidate of 3.14. (PEP 440, which
``packaging`` implements, says otherwise, and does not know ``1.97.0-nightly``.)
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from functools import lru_cache
from itertools import zip_longest

_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_CLAUSE = re.compile(r"(>=|<=|==|!=|<|>)\s*([0-9]+(?:\.[0-9]+)*)(\.\*)?")
_ORDERED: dict[str, Callable[[int, int], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


@lru_cache
def numbers(version: str) -> tuple[int, ...]:
    """Return the leading dotted numbers of ``version``; ``ValueError`` if it has none."""
    found = _NUMBERS.match(version.strip())
    if found is None:
        raise ValueError(f"no version: {version!r}")
    return tuple(map(int, found.group().split(".")))


def satisfies(version: str, specifier: str) -> bool:
    """Whether ``version`` fulfils every clause of ``specifier``, such as ``>=3.9,<3.13``.

    ``==3.12`` and ``!=3.12`` (also written ``3.12.*``) cover all of 3.12; the
    orders compare number by number, what is missing being 0: 3.13.0 is not
    ``>3.13``, and 3.13.1 is. Raises ``ValueError`` for what is no specifier.
    """
    actual = numbers(version)
    clauses = [_parse_clause(clause.strip()) for clause in specifier.split(",")]
    return all(_holds(actual, comparison, wanted) for comparison, wanted in clauses)


def _parse_clause(clause: str) -> tuple[str, tuple[int, ...]]:
    """The comparison and the version of ``>=3.9``; raises ValueError."""
    found = _CLAUSE.fullmatch(clause)
    if found is None or (found[3] and found[1] not in ("==", "!=")):
        raise ValueError(f"no version specifier: {clause!r} (expected such as '>=3.9')")
    return found[1], numbers(found[2])


def _holds(actual: tuple[int, ...], comparison: str, wanted: tuple[int, ...]) -> bool:
    """Equal is what begins with it: 3.11.7 is ``==3.11``."""
    if comparison == "==":
        return _begins_with(actual, wanted)
    if comparison == "!=":
        return not _begins_with(actual, wanted)
    return _ORDERED[comparison](_compare(actual, wanted), 0)


def _begins_with(actual: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    padded = actual + (0,) * (len(wanted) - len(actual))
    return padded[: len(wanted)] == wanted


def _compare(left: tuple[int, ...], right: tuple[int, ...]) -> int:
    pairs = zip_longest(left, right, fillvalue=0)
    return next((a - b for a, b in pairs if a != b), 0)
