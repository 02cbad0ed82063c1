"""hang: the program prints so far, falls silent, and does not end."""

from __future__ import annotations

import pytest

from harness.language.properties.base import Facts
from harness.values.run import Deadlocked, Ending, Exited, TimedOut
from tests.properties.driver import read_claim, refusal

EVENTS = 'holds = "{who:w} holds"\nwants = "{who:w} wants"'
RULE = 'hang = { after = ["holds", "wants[who=b]"] }'


@pytest.mark.parametrize(
    ("lines", "ending", "message"),
    [
        ("a holds\nb wants\n", Deadlocked(), ""),
        ("a holds\nb wants\n", TimedOut(2.0, idle=True), ""),
        ("b wants\na holds\na wants\n", Deadlocked(), ""),
        ("a holds\nb wants\n", TimedOut(2.0, idle=None), ""),
        ("a holds\nb wants\n", TimedOut(2.0), "it does not end, but is still at work"),
        ("a holds\nb wants\n", Exited(0), "it ends, and does not hang"),
        ("a wants\na holds\n", Deadlocked(), "it hangs without a wants[who=b] line"),
        ("", Deadlocked(), "it hangs without a holds or wants[who=b] line"),
    ],
)
def test_a_hang_comes_after_its_lines_and_is_silent(
    lines: str, ending: Ending, message: str
) -> None:
    """Every event has come at least once, and the run was deadlocked or idle."""
    violation = read_claim(EVENTS, RULE).violation(lines, Facts(ending=ending))
    assert message == (violation.message if violation else "")


def test_a_hang_replaces_the_ending() -> None:
    """Exit code 0 is no longer presumed."""
    assert read_claim(EVENTS, RULE).rule.replaces_ending


@pytest.mark.parametrize(
    ("after", "message"),
    [
        ("[]", "expected at least one event: what is printed before it hangs"),
        ('["holds", "holds"]', '"holds" is there twice'),
    ],
)
def test_a_senseless_hang_is_refused(after: str, message: str) -> None:
    """A hang has something before it."""
    assert f"hang.after: {message}" == refusal(EVENTS, f"hang = {{ after = {after} }}")
