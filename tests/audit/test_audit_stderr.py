"""Mutants of events on stderr: they are changed, dropped and swapped like those of stdout."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.judging.judge import judge_run
from harness.proof.audit.excuses import excuse_for
from harness.proof.audit.line_mutants import event_mutants
from harness.proof.audit.mutants import Good, good_of
from tests.audit.driver import claims_of_side, run_of, write_spec

WARNINGS = """\
done   = "done"
warned = { pattern = "warning {i:d}", stream = "stderr" }

[always.warned-in-turn]
why    = "one loop counts"
values = { of = "warned.i", are = "1..=2" }

[always.done-once]
why   = "it ends once"
count = { of = "done", is = 1 }
"""


@pytest.fixture
def aside(tmp_path: Path) -> Good:
    """What a good run said on stderr."""
    claims = claims_of_side(write_spec(tmp_path, WARNINGS))
    return good_of(claims, run_of("done\n", stderr="warning 1\nwarning 2\n"), "stderr")


def test_events_on_stderr_are_mutated(aside: Good) -> None:
    """Each mutant leaves stdout as it was."""
    mutants = list(event_mutants(aside))
    assert {b"done\n"} == {mutant.run.stdout for mutant in mutants}
    said = {mutant.run.stderr.decode() for mutant in mutants if mutant.name == "drop warned"}
    assert {"warning 1\n", "warning 2\n"} == said
    assert {"append", "confuse", "double", "swap"} < {mutant.operation for mutant in mutants}


def test_each_of_them_is_refused(aside: Good) -> None:
    """The properties of these events see them, and nothing excuses them."""
    for mutant in event_mutants(aside):
        if mutant.run != aside.run:
            assert judge_run(aside.claims, mutant.run).findings, mutant
            assert "" == excuse_for(aside, mutant, ())


def test_what_else_is_said_there_stays(tmp_path: Path) -> None:
    """A panic's report is no event, and is in every mutant."""
    claims = claims_of_side(write_spec(tmp_path, WARNINGS))
    panic = "\nthread 'main' panicked at src/main.rs:3:5:\nboom\n"
    good = good_of(claims, run_of("done\n", stderr=f"warning 1\n{panic}"), "stderr")
    assert ["warning 1"] == list(good.texts)
    assert {True} == {panic in mutant.run.stderr.decode() for mutant in event_mutants(good)}


def test_a_run_that_says_nothing_there_has_none(tmp_path: Path) -> None:
    """Without events there is nothing to change."""
    claims = claims_of_side(write_spec(tmp_path, WARNINGS))
    assert [] == list(event_mutants(good_of(claims, run_of("done\n"), "stderr")))
