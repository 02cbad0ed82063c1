"""What is kept of how many schedules the classic bugs take, and what may be said of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bench.classics import PEERS, TASK_BUGS, WHOLES
from tests.bench.programs import BUGS

FIGURES: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "docs" / "classics.json").read_text(encoding="utf-8")
)
MOST_OF_A_RING = 9
"""Schedules for a deadlock of three in Python."""


def test_all_that_is_measured_is_kept() -> None:
    """Each bug and each search, in their order, by both sides."""
    kept = [(row["side"], row["bug"]) for row in FIGURES["shown"]]
    assert set(kept) == {(bug.program.side.value, bug.name) for bug in (*BUGS, *TASK_BUGS)}
    wholes = [(row["side"], row["program"], row["peers"]) for row in FIGURES["whole"]]
    assert wholes == [(each.program.side.value, each.name, each.peers) for each in WHOLES]


@pytest.mark.parametrize("row", FIGURES["shown"], ids=lambda row: f"{row['side']}: {row['bug']}")
def test_a_classic_is_shown_at_every_seed_by_at_most_twice_the_schedules_of_its_best_peer(
    row: dict[str, Any],
) -> None:
    """Within the default budget, with the peer that the bench names."""
    assert row["seen"] == row["seeds"] == 20
    assert row["most"] <= FIGURES["schedules"]
    if peer := PEERS.get((row["side"], row["bug"])):
        assert (row["peer"], row["peer needs"]) == peer
        assert row["median"] <= 2 * row["peer needs"]
    if (row["side"], row["bug"]) == ("python", "deadlock of three locks"):
        assert row["median"] <= MOST_OF_A_RING


@pytest.mark.parametrize(
    "row", FIGURES["whole"], ids=lambda row: f"{row['side']}: {row['program']}"
)
def test_a_whole_search_takes_at_most_twice_the_runs_of_its_best_peer(row: dict[str, Any]) -> None:
    """One run of each trace."""
    assert row["runs"] <= 2 * min(row["peers"].values())
