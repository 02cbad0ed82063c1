"""Pairing up what is claimed with what is there."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from harness.language.properties.messages import left_over

CLAIMS = st.lists(st.frozensets(st.integers(0, 4), max_size=4), max_size=4)


@given(claims=CLAIMS, items=st.lists(st.integers(0, 4), max_size=4))
def test_as_many_as_can_be_are_paired(claims: list[frozenset[int]], items: list[int]) -> None:
    """No assignment of items to claims pairs more of them; what is left is left whole."""
    missing, extra = left_over(claims, items, lambda claim, item: item in claim)
    padded = [*items, *[None] * len(claims)]
    best = max(
        sum(item in claim for claim, item in zip(claims, order, strict=False))
        for order in permutations(padded, len(claims))
    )
    assert best == len(claims) - len(missing) == len(items) - len(extra)
