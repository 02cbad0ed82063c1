"""overlap: two streams of lines really interleave."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.driver import read_claim, refusal

EVENTS = 'one = "one {i:d}"\ntwo = "two {i:d}"'


@given(st.lists(st.sampled_from(["one", "two"]), max_size=8))
def test_an_overlap_agrees_with_comparing_all_pairs(lines: list[str]) -> None:
    """Streams overlap if some line of each comes before some line of the other."""
    claim = read_claim(EVENTS, 'overlap = { of = ["one", "two"] }')
    pairs = {(a, b) for k, a in enumerate(lines) for b in lines[k + 1 :]}
    expected = {("one", "two"), ("two", "one")} <= pairs
    transcript = "".join(f"{line} 1\n" for line in lines)
    assert expected == (claim.violation(transcript) is None)


@pytest.mark.parametrize(
    ("transcript", "found"),
    [
        ("one 1\ntwo 1\n", "every one line before every two line"),
        ("two 1\none 1\n", "every two line before every one line"),
        ("two 1\n", "no one line at all"),
    ],
)
def test_streams_apart_are_described(transcript: str, found: str) -> None:
    """The violation says how the streams lie."""
    violation = read_claim(EVENTS, 'overlap = { of = ["one", "two"] }').violation(transcript)
    assert violation is not None
    assert found == violation.found


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ('{ of = ["one"] }', "overlap.of: expected two events, found 1"),
        ('{ of = ["one", "one[i=1]"] }', 'overlap.of: "one" and "one[i=1]" can be the same line'),
    ],
)
def test_a_senseless_overlap_is_refused(rule: str, message: str) -> None:
    """An overlap needs two streams that share no line."""
    assert message == refusal(EVENTS, f"overlap = {rule}")
