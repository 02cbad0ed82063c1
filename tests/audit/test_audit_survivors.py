"""Mutated traces that a spec accepts, and rules of the closed world in ``breaks``."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.language.declarations import Survivor
from harness.values.errors import SpecError
from harness.values.program import Side
from tests.audit.driver import write_spec

STEP = """\
step = "step {i:d}"

[always.in-turn]
why    = "one loop counts"
values = { of = "step.i", are = "1..=3" }
"""
CONTROL = """
["it ends badly"]
rust = { replace = "{}", with = "{ std::process::exit(1) }" }
"""


def test_a_survivor_is_read_with_its_reason(tmp_path: Path) -> None:
    """It is meant of every program, unless it names a side or a program."""
    declared = '["x"]\nbreaks = []\ntrace = "drop step"\nwhy = "for the test"\nprograms = "rust"\n'
    (survivor,) = write_spec(tmp_path, STEP, declared).survivors
    meant = ((Side.RUST, "main"),)
    assert survivor == Survivor(mutation="drop step", why="for the test", programs=meant, line=1)
    assert [False, True] == [survivor.is_about(side, "main") for side in Side]


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ('trace = "drop step"', 'expected the key "why", which is missing'),
        ('trace = "drop step"\nwhy = "w"\nprograms = "mian"', 'did you mean "main"?'),
        ('trace = "drop step"\nwhy = "w"\nreason = "r"', "reason"),
    ],
)
def test_a_survivor_is_read_strictly(tmp_path: Path, declared: str, message: str) -> None:
    """A reason is wanted, and what it names must be there."""
    with pytest.raises(SpecError) as refused:
        write_spec(tmp_path, STEP, f'["x"]\nbreaks = []\n{declared}\n')
    assert message in str(refused.value)


def test_a_control_may_name_a_rule_of_the_closed_world(tmp_path: Path) -> None:
    """What holds undeclared can be broken, too."""
    spec = write_spec(tmp_path, STEP, CONTROL + 'breaks = ["exit-code"]\n')
    assert ("exit-code",) == spec.controls[0].breaks


def test_a_control_may_name_no_other_word(tmp_path: Path) -> None:
    """A rule that is misspelt is refused, with the nearest word."""
    with pytest.raises(SpecError) as refused:
        write_spec(tmp_path, STEP, CONTROL + 'breaks = ["exit-cod"]\n')
    assert 'there is no property "exit-cod" (did you mean "exit-code"?)' in str(refused.value)
