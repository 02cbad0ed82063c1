"""A rule from TOML, and what it says of lines: the plainest driver that can be right."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.language.patterns import Pattern, compile_pattern
from harness.language.properties.base import Across, Facts, Monitor, Rule
from harness.language.properties.registry import FAMILIES
from harness.language.tables import Source, Table
from harness.values.errors import SpecError
from harness.values.finding import Violation
from harness.values.program import EventSpec, Side

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Claim:
    """One rule and the events that it speaks of."""

    rule: Rule
    events: Mapping[str, Pattern]

    def violation(self, transcript: str, facts: Facts | None = None) -> Violation | None:
        """The first violation that the lines show, or the one at their end."""
        return self.watch(transcript, self.rule.monitor(), facts or Facts())

    def watch(self, transcript: str, monitor: Monitor, facts: Facts) -> Violation | None:
        """Feed the lines to ``monitor`` one at a time, then end the run."""
        handlers = list(monitor.handlers())
        on_line = monitor.line_handler()
        for number, text in enumerate(transcript.splitlines(), 1):
            if on_line:
                on_line(number, text)
            for selector, handler in handlers:
                fields = self.events[selector.event].match(text)
                if fields is not None and selector.takes(fields):
                    violation = handler(number, fields)
                    if violation:
                        return violation
        return monitor.finish(facts)

    def observed(self, transcript: str, facts: Facts | None = None) -> Hashable | None:
        """What one run shows to a rule across runs."""
        monitor = self.rule.monitor()
        self.watch(transcript, monitor, facts or Facts())
        return monitor.observation()

    def across(self, side: Side, python: Iterable[str], rust: Iterable[str]) -> Across:
        """What the runs with these transcripts show together."""
        counts: dict[Side, dict[Hashable, int]] = {}
        runs = {Side.PYTHON: list(python), Side.RUST: list(rust)}
        for each, transcripts in runs.items():
            counts[each] = {}
            for transcript in transcripts:
                seen = self.observed(transcript)
                counts[each][seen] = counts[each].get(seen, 0) + 1
        return Across(side=side, observed=counts, runs={s: len(t) for s, t in runs.items()})


def read_claim(events: str, rule: str) -> Claim:
    """Read ``name = "pattern"`` lines and ``family = { … }``; raises SpecError."""
    text = f"[events]\n{events}\n[always.p]\n{rule}\n"
    source = Source(Path("example.toml"), text)
    ((family, inner),) = tomllib.loads(text)["always"]["p"].items()
    patterns = _patterns(events)
    table = Table(source, f"always.p.{family}", inner)
    parsed = FAMILIES[family].parse(table, patterns)
    table.finish()
    return Claim(parsed, patterns)


@lru_cache(maxsize=64)
def _patterns(events: str) -> Mapping[str, Pattern]:
    return {name: _pattern(name, value) for name, value in tomllib.loads(events).items()}


def _pattern(name: str, value: str | dict[str, object]) -> Pattern:
    if isinstance(value, str):
        return compile_pattern(EventSpec(name=name, pattern=value))
    return compile_pattern(EventSpec(name=name, **value))  # type: ignore[arg-type]


def refusal(events: str, rule: str) -> str:
    """What is said of a rule that cannot be taken, without the file and the line."""
    with pytest.raises(SpecError) as caught:
        read_claim(events, rule)
    return str(caught.value).partition(": always.p.")[2]
