"""What runs of one program have shown, added up: a value that may be sent, and added to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Self

from harness.values.finding import Finding, Violation
from harness.values.run import PassedOver

MAX_WAYS = 5
"""In how many ways a property may break before the further ones are kept as one."""


@dataclass(slots=True)
class Share:
    """What some of the runs of a program have shown: those that nobody steered."""

    runs: int = 0
    witnesses: Counter[str] = field(default_factory=Counter)
    observed: dict[str, Counter[Hashable]] = field(default_factory=dict)
    signatures: set[str] = field(default_factory=set)

    def add_all(self, other: Share) -> None:
        """Add what others of them have shown."""
        self.runs += other.runs
        self.witnesses.update(other.witnesses)
        self.signatures |= other.signatures
        _add_observed(self.observed, other.observed)


@dataclass(slots=True)
class Shown:
    """What runs of one program have shown, whatever is claimed of it.

    A million of them need no more memory than one of each kind. ``plain`` is what those runs have
    shown that nobody steered, counted among the others, too. ``ended`` counts the runs that went on
    as long as the spec lets them, ``cut_off`` the controlled ones that left no record, as time ran
    out.
    """

    runs: int = 0
    ended: int = 0
    findings: dict[tuple[str, str], Finding] = field(default_factory=dict)
    witnesses: Counter[str] = field(default_factory=Counter)
    missed: dict[str, Violation] = field(default_factory=dict)
    observed: dict[str, Counter[Hashable]] = field(default_factory=dict)
    signatures: Counter[str] = field(default_factory=Counter)
    torn: int = 0
    seconds: float = 0.0
    unconfirmed: dict[tuple[str, str], Finding] = field(default_factory=dict)
    passed_over: Counter[PassedOver] = field(default_factory=Counter)
    cut_off: int = 0
    floods: int = 0
    plain: Share = field(default_factory=Share)
    steered_signatures: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, other: Shown) -> Self:
        """The same alone, where ``other`` knows more; nothing that changes is shared."""
        shown = cls()
        shown.add_all(other)
        return shown

    def add_all(self, other: Shown) -> None:
        """Add what later runs of the program have shown, as if they had been added one by one."""
        for name in _NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))
        self.missed.update(other.missed)
        self.steered_signatures |= other.steered_signatures
        self.plain.add_all(other.plain)
        _add_observed(self.observed, other.observed)
        add_findings(self.findings, other.findings.values())
        add_findings(self.unconfirmed, other.unconfirmed.values())

    def add_findings(self, findings: Iterable[Finding]) -> None:
        """Keep the findings of one run; those whose like is there already are only counted."""
        _add_of_one_run(self.findings, findings)

    def add_unconfirmed(self, findings: Iterable[Finding]) -> None:
        """Keep in the same way what does not count."""
        _add_of_one_run(self.unconfirmed, findings)


_NUMBERS = ("runs", "ended", "torn", "seconds", "cut_off", "floods")
_COUNTERS = ("witnesses", "signatures", "passed_over")
_OTHERS = {"findings", "missed", "observed", "unconfirmed", "plain", "steered_signatures"}
assert {each.name for each in fields(Shown)} == {*_NUMBERS, *_COUNTERS, *_OTHERS}  # noqa: S101 - none is forgotten


def _add_observed(
    among: dict[str, Counter[Hashable]], further: Mapping[str, Counter[Hashable]]
) -> None:
    for name, seen in further.items():
        among.setdefault(name, Counter()).update(seen)


def _add_of_one_run(among: dict[tuple[str, str], Finding], findings: Iterable[Finding]) -> None:
    """Add the findings of one run; those that say the same are counted once."""
    once = {_key(among, finding): finding for finding in findings}
    for key, finding in once.items():
        _add(among, key, finding)


def add_findings(among: dict[tuple[str, str], Finding], findings: Iterable[Finding]) -> None:
    """Add findings that stand for several runs each; those that say the same become one."""
    for finding in findings:
        _add(among, _key(among, finding), finding)


def _add(among: dict[tuple[str, str], Finding], key: tuple[str, str], finding: Finding) -> None:
    known = among.get(key)
    among[key] = _counted(known, finding) if known else finding


def _key(among: Mapping[tuple[str, str], Finding], finding: Finding) -> tuple[str, str]:
    """What findings have in common that say the same.

    A message may quote what was printed, and so be new in every run: past
    a few messages of one property, the further ones are one.
    """
    name, message = finding.property, finding.violation.message
    if (name, message) in among:
        return name, message
    ways = sum(property_name == name for property_name, _ in among)
    return (name, message) if ways < MAX_WAYS else (name, "")


def _counted(known: Finding, further: Finding) -> Finding:
    """One for both: that which was made small, or else that which can be made again exactly."""
    shown = further if _clarity(further) > _clarity(known) else known
    return replace(
        shown,
        occurrences=known.occurrences + further.occurrences,
        plain_occurrences=known.plain_occurrences + further.plain_occurrences,
    )


def _clarity(finding: Finding) -> tuple[bool, bool]:
    return finding.switches is not None, bool(finding.lanes)
