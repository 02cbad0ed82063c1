"""Overlap of patterns is decided exactly, with a line to show for it."""

from __future__ import annotations

import itertools
import re
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from harness.language.patterns import Pattern, PatternError, compile_pattern, overlap
from harness.values.program import EventSpec

COLOURS = ("red", "green")


def pattern(text: str) -> Pattern:
    """Return the compiled pattern; the field ``c`` is restricted to colours."""
    words = {"c": COLOURS} if "{c}" in text else {}
    return compile_pattern(EventSpec(name="event", pattern=text, words=words))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a", "b"),
        ("worker {i:d}", "main {i:d}"),
        ("worker {i:d}", "worker {i:d} done"),
        ("worker {i:d}", "worker {t:f}s"),
        ("x{i:d}", "x{i:d}.{j:d}"),
        ("got {w:w}", "got a b"),
        ("light {c}", "light blue"),
        ("light {c}", "light {i:d}"),
        ("{x}ab", "cab"[:2] + "c"),
        ("{x}.", "a.b."),
        ("{x}b{i:d}", "bb{w:w}"),
        ("{a} begins", "{a} ends"),
        ("{a}aab", "aaab{i:d}"),
    ],
)
def test_patterns_that_share_no_line(one: str, other: str) -> None:
    """Two patterns without a common line do not overlap, in either order."""
    assert (None, None) == (
        overlap(pattern(one), pattern(other)),
        overlap(pattern(other), pattern(one)),
    )


@pytest.mark.parametrize(
    ("one", "other", "witness"),
    [
        ("a", "a", "a"),
        ("worker {i:d}", "worker {t:f}", "worker 0"),
        ("worker {w:w}", "worker {i:d}", "worker 0"),
        ("{x}", "worker", "worker"),
        ("light {c}", "light {w:w}", "light red"),
        ("{x} by {c}", "red by {x}", "red by red"),
        ("{x}ab", "{y}cab", "acab"),
        ("{x}aab{i:d}", "aaaab{i:d}", "aaaab0"),
        ("a{x}", "{y}b", "ab"),
        ("{x}, {y}", "{a}: {b}", "a, : a"),
        ("{t:f}", "{i:d}", "0"),
        ("{t:f}", "1e{i:d}", "1e0"),
    ],
)
def test_patterns_that_share_a_line(one: str, other: str, witness: str) -> None:
    """Two patterns with a common line overlap, and a shortest such line is given."""
    first, second = pattern(one), pattern(other)
    found = overlap(first, second)
    assert found is not None
    assert len(witness) == len(found)
    assert first.match(witness) is not None
    assert second.match(witness) is not None
    assert first.match(found) is not None
    assert second.match(found) is not None


_PIECES = st.sampled_from(
    ["a", "b", "ab", "0", ".", "-", "{{", "{#:d}", "{#:f}", "{#:w}", "{#}", "{#}", "{c}"]
)


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    """Draw a pattern over few characters, so that many pairs overlap."""
    pieces = draw(st.lists(_PIECES, min_size=1, max_size=4))
    text = "".join(piece.replace("#", f"f{n}") for n, piece in enumerate(pieces))
    try:
        return pattern(text)
    except PatternError:
        assume(False)
        raise


_SHORT_LINES = [
    "".join(chars) for n in range(1, 6) for chars in itertools.product("ab0.-{", repeat=n)
]


@settings(max_examples=150)
@given(patterns(), patterns())
def test_overlap_agrees_with_trying_all_short_lines(one: Pattern, other: Pattern) -> None:
    """A line that both match is found whenever there is one, and is as short as any."""
    found = overlap(one, other)
    if found is not None:
        assert one.match(found) is not None
        assert other.match(found) is not None
    first, second = re.compile(one.regex).fullmatch, re.compile(other.regex).fullmatch
    common = next((line for line in _SHORT_LINES if first(line) and second(line)), None)
    if common is not None:
        assert found is not None
        assert len(found) <= len(common)


@settings(max_examples=150)
@given(st.lists(_PIECES, min_size=1, max_size=4))
def test_an_accepted_pattern_reads_no_line_in_two_ways(pieces: list[str]) -> None:
    """In a pattern that is accepted, greedy and lazy matching give the same fields."""
    text = "".join(piece.replace("#", f"f{n}") for n, piece in enumerate(pieces))
    try:
        accepted = pattern(text)
    except PatternError:
        assume(False)
    greedy = re.compile(accepted.regex)
    lazy = re.compile(re.sub(r"(?<!\*)(\]\+|\})(?![+?])", r"\1?", accepted.regex))
    for line in _SHORT_LINES[:2000]:
        match = greedy.fullmatch(line)
        if match:
            other = lazy.fullmatch(line)
            assert other is not None
            assert match.groups() == other.groups()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{x}" + "ab" * 498, "{y}" + "ba" * 498),
        ("{x}" + "a" * 990, "{y}" + "a" * 989 + "b"),
        ("".join(f"{{f{n}}}, " for n in range(60)), "".join(f"{{g{n}}}; " for n in range(60))),
    ],
)
def test_the_longest_patterns_are_decided_quickly(one: str, other: str) -> None:
    """Overlap of the longest patterns is decided in a few seconds at worst."""
    started = time.process_time()
    overlap(pattern(one), pattern(other))
    assert time.process_time() - started < 5
