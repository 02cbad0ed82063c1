"""Values under the memory model: all that it allows and we can show, and never what it forbids.

A sample; ``python -m tests.bench litmus`` takes 2,000 and 100,000 executions of each test.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.schedules.axioms import allowed
from tests.schedules.litmus import TESTS, Litmus, outcomes


@pytest.mark.parametrize("test", TESTS, ids=str)
def test_the_axioms_agree_with_the_literature(test: Litmus) -> None:
    """Which weak outcomes are allowed was known before."""
    reachable = allowed(test.text).get(test.weak)
    assert test.status == {True: "allowed", False: "out of reach", None: "forbidden"}[reachable]


@pytest.mark.parametrize("test", TESTS, ids=str)
def test_nothing_comes_that_the_model_forbids(programs: Path, test: Litmus) -> None:
    """In no execution of a few hundred."""
    seen = outcomes(programs / "litmus", test, range(6))
    assert set(seen) <= set(allowed(test.text))


@pytest.mark.parametrize("test", [each for each in TESTS if each.status == "allowed"], ids=str)
def test_what_is_weak_comes(programs: Path, test: Litmus) -> None:
    """In a few hundred executions, where the model lets it."""
    assert any(
        outcomes(programs / "litmus", test, range(at, at + 5))[test.weak] for at in range(0, 100, 5)
    )
