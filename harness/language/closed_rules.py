"""The rules of the closed world, by name: what holds of every run without being declared."""

from __future__ import annotations

from harness.values.messages import Message, say

RULES = {
    "known-lines": "rule.known-lines",
    "expected-events": "rule.expected-events",
    "whole-lines": "rule.whole-lines",
    "some-output": "rule.some-output",
    "quiet-stderr": "rule.quiet-stderr",
    "exit-code": "rule.exit-code",
    "ends-in-time": "rule.ends-in-time",
    "no-deadlock": "rule.no-deadlock",
    "no-data-race": "rule.no-data-race",
    "within-limits": "rule.within-limits",
    "starts": "rule.starts",
    "no-strays": "rule.no-strays",
}
"""For each rule the message that says it."""


def why_of_rule(name: str) -> Message:
    """What the rule of that name says."""
    return say(RULES[name])
