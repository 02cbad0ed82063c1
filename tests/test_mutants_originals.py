"""What the unchanged programs show, which a mutant may lose."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.judging.claims import Claims
from harness.judging.judge import judge_run
from harness.judging.tally import Tally
from harness.proof.mutants.originals import Baseline
from harness.proof.mutants.prints import print_of
from tests.audit.driver import claims_of_side, run_of, write_spec

RACE = """\
total  = "total: {n:d}"
warned = { pattern = "warning {i:d}", stream = "stderr" }

[always.lost-or-not]
why      = "it is a race"
outcomes = { of = "total.n", are = [
    { is = 1, sometimes = "one update was lost" },
    { is = 2, acceptable = "none was" },
] }

[always.warned-in-turn]
why    = "one loop counts"
values = { of = "warned.i", distinct = true }
"""


@pytest.fixture
def claims(tmp_path: Path) -> Claims:
    """What is claimed of a race of which one outcome is required."""
    return claims_of_side(write_spec(tmp_path, RACE))


def _tally(claims: Claims, *totals: int) -> Tally:
    tally = Tally(claims=claims)
    for total in totals:
        tally.add(judge_run(claims, run_of(f"total: {total}\n")), 0.0)
    return tally


@pytest.mark.parametrize(("mutant", "lost"), [((2, 2, 2), 3), ((2, 1, 2), 0), ((), 3)])
def test_a_mutant_may_lose_a_required_outcome(
    claims: Claims, mutant: tuple[int, ...], lost: int
) -> None:
    """How often the original came to what the mutant never came to."""
    baseline = Baseline(tally=_tally(claims, 1, 2, 1, 1))
    prop = claims.properties[0]
    assert lost == baseline.least_required(prop, _tally(claims, *mutant))


def test_what_is_only_acceptable_cannot_be_lost(claims: Claims) -> None:
    """An outcome that need not come may stay away."""
    baseline = Baseline(tally=_tally(claims, 1, 2, 2, 2))
    prop = claims.properties[0]
    assert 0 == baseline.least_required(prop, _tally(claims, 1, 1))


def test_what_is_said_on_stderr_is_part_of_a_print(claims: Claims) -> None:
    """Events there, and panics, tell two runs apart; the order of lines does not."""
    one, two = "warning 1\n", "warning 2\n"
    panic = "\nthread 'main' panicked at src/main.rs:3:5:\nboom\n"
    prints = [
        print_of(claims, run_of("total: 1\n", stderr=stderr))
        for stderr in ("", one, two, one + two, two + one, panic)
    ]
    assert 5 == len(set(prints))
    assert prints[3] == prints[4]
