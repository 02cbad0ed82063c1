"""The rules of the closed world, by name: what holds of every run without being declared."""

from __future__ import annotations

RULES = {
    "known-lines": "every line of output is an event that the spec declares",
    "expected-events": "every event that comes is one that some property of this program speaks of",
    "whole-lines": "output ends with a line break",
    "some-output": "a program that is said to print something prints something",
    "quiet-stderr": "stderr stays empty unless the spec says what comes there",
    "exit-code": "the program exits with code 0 unless the spec says otherwise",
    "ends-in-time": "the program ends within its timeout",
    "no-deadlock": "no threads wait for each other for ever, and some thread can always go on",
    "within-limits": "the program keeps to the limits on output and memory",
    "starts": "the program can be started",
    "no-strays": "no process is left when the program has ended",
}
