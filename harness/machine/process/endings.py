"""Saying in words how a tool ended."""

from __future__ import annotations

from typing import assert_never

from harness.values.run import (
    Deadlocked,
    Ending,
    Exited,
    NotStarted,
    OverLimit,
    Signalled,
    TimedOut,
)


def how_it_ended(ending: Ending) -> str:
    """Say how a tool that the harness started ended, as a sentence about it.

    For compilers and interpreters that are asked something, whose end is no finding: of a program
    it is the closed world that says what its ending means (``harness.judging.closed_world``).
    """
    match ending:
        case Exited(code):
            return f"it ended with code {code}"
        case Signalled(name):
            return f"it was ended by {name}"
        case TimedOut(seconds):
            return f"it did not answer within {seconds:g} s"
        case OverLimit(limit):
            return f"it gave more than {limit}"
        case NotStarted(reason):
            return f"it cannot be started: {reason}"
        case Deadlocked():
            return "it is deadlocked"
        case _:
            assert_never(ending)
