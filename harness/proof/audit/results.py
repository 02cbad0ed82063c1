"""What an audit finds: every value that its parts hand to one another, and to the reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from harness.language.declarations import SPEC_FILE
from harness.proof.shown import BrokenProperty
from harness.values.program import Side

Unshown: TypeAlias = tuple[str, Side, str]
"""A property that some run had to show and none did: its name, the side, and what was seen."""


class Fault(Enum):
    """The ways in which a spec can be weaker, or stricter, than it says."""

    UNSOUND = "unsound"
    UNCONTROLLED_SIDE = "missing-control"
    ERRORED = "control-errored"
    UNBROKEN = "control-unbroken"
    INSTEAD = "control-breaks-other"
    NEVER_SEEN = "never-seen"
    VACUOUS = "vacuous"
    STALE_REASON = "stale-reason"
    UNCONTROLLED = "uncontrolled"
    SURVIVOR = "accepted-trace"
    STALE = "stale-acceptance"
    OVER_TIGHT = "over-tight"


FAULT_MEANINGS: Mapping[Fault, str] = {
    Fault.UNSOUND: "the unbroken program breaks its own spec, so nothing can be said of the checks",
    Fault.UNCONTROLLED_SIDE: "a side has no control: each needs one at least",
    Fault.ERRORED: "a control that does not build or crashes shows nothing: mend its edit",
    Fault.UNBROKEN: "a control must break what it names: sharpen it, or name less",
    Fault.INSTEAD: "a control must break what it names, and this one breaks something else",
    Fault.NEVER_SEEN: "no run shows what some run must: drop the property, or let it be seen",
    Fault.VACUOUS: "nothing can break this property: it says nothing, so drop it or sharpen it",
    Fault.STALE_REASON: 'a control does break this property: drop its audit = "…"',
    Fault.UNCONTROLLED: 'no control breaks this property: add one, or say why with audit = "…"',
    Fault.SURVIVOR: "a changed trace is accepted: say more in the spec, or why not in breaks.toml",
    Fault.STALE: "this mutation does not survive, or there is none of that name: drop the entry",
    Fault.OVER_TIGHT: "the declared order allows this run, and a property refuses it: loosen that",
}


class ControlOutcome(Enum):
    """What a control came to."""

    BROKEN = "broken"
    UNBROKEN = "unbroken"
    INSTEAD = "breaks other"
    ERRORED = "errored"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlResult:
    """What a broken variant broke.

    ``named`` are the properties that it must break and that apply here,
    ``broken`` all that it broke: each with the schedule that showed it and
    what was said; ``shown`` is how the run looks that did. ``detail`` says why
    it errored or was skipped.
    """

    name: str
    side: Side
    program: str
    named: tuple[str, ...]
    outcome: ControlOutcome
    broken: Mapping[str, str] = field(default_factory=dict)
    shown: tuple[BrokenProperty, ...] = ()
    runs: int = 0
    line: int = 0
    detail: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The named properties that held all the same."""
        return tuple(name for name in self.named if name not in self.broken)


@dataclass(frozen=True, slots=True, kw_only=True)
class MutationResult:
    """What became of one kind of mutation of one program's traces.

    ``name`` is what a variant cites as its ``trace``. ``killed_by`` counts the
    mutants that each property or rule refused; ``unwitnessed`` names the
    some-run properties that a mutant no longer showed. ``trace`` is that of
    the first survivor, ``changed`` the numbers of its lines that are not as
    they were; ``excuse`` is the spec's reason for the survivors. ``allowed``
    are the mutants that say what the spec allows, counted by what allows it.
    """

    name: str
    side: Side
    program: str
    mutants: int
    killed: int
    allowed: Mapping[str, int] = field(default_factory=dict)
    killed_by: Mapping[str, int] = field(default_factory=dict)
    unwitnessed: frozenset[str] = frozenset()
    trace: tuple[str, ...] = ()
    changed: tuple[int, ...] = ()
    excuse: str = ""

    @property
    def equivalent(self) -> int:
        """How many mutants are none, since they say what the spec allows."""
        return sum(self.allowed.values())

    @property
    def survived(self) -> int:
        """How many mutants nothing refused, though they say what the spec does not allow."""
        return self.mutants - self.killed - self.equivalent


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyAudit:
    """What kills one property: controls by name, and how many mutants.

    ``applies`` is false where no audited program was under it; ``reason`` is
    the spec's ``audit = "…"``; ``is_unlucky`` that it is about speed, is explained,
    and was shown by no run: a machine with other work to do says nothing about it.
    """

    name: str
    controls: tuple[str, ...] = ()
    mutants: int = 0
    reason: str = ""
    applies: bool = True
    is_unlucky: bool = False

    @property
    def is_explained(self) -> bool:
        """Whether no control breaks it, and that is said with a reason that counts."""
        return bool(not self.controls and self.reason and (self.mutants or self.is_unlucky))

    @property
    def is_vacuous(self) -> bool:
        """Whether nothing breaks it at all."""
        return not (self.controls or self.mutants or self.is_unlucky)


@dataclass(frozen=True, slots=True, kw_only=True)
class FreedomResult:
    """How many interleavings of one program were seen, and how many its spec allows.

    They were ``seen`` in the first ``sampled`` runs of their kind, of all that
    the audit made. ``allowed`` is a text such as ``3,003``, ``~1.2e+18`` for an
    estimate, ``≤ 12``, or ``?`` if it cannot be counted; ``said`` says the same
    in words, with the error of an estimate, or with why there is none.
    ``tried`` counts the legal reinterleavings that were judged.
    """

    side: Side
    program: str
    seen: int
    sampled: int
    allowed: str
    said: str
    tried: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOrder:
    """Two events of which one came wholly before the other in all ``runs`` that had both.

    The spec accepts them in the other order as well. That is no fault: other
    machines may show it. But it may be that a property was forgotten.
    """

    side: Side
    program: str
    earlier: str
    later: str
    runs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFinding:
    """One weakness of one spec: of what kind, of what, and the lines that show it."""

    fault: Fault
    example: str
    subject: str
    message: str
    side: Side | None = None
    file: str = SPEC_FILE
    line: int = 0
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleAudit:
    """All that was found out of one spec, which has this ``digest``."""

    example: str
    digest: str = ""
    controls: tuple[ControlResult, ...] = ()
    mutations: tuple[MutationResult, ...] = ()
    properties: tuple[PropertyAudit, ...] = ()
    freedom: tuple[FreedomResult, ...] = ()
    open_orders: tuple[OpenOrder, ...] = ()
    findings: tuple[AuditFinding, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """What one call of ``harness audit`` found.

    ``left_out`` are the examples that could not be audited, each with why.
    """

    examples: tuple[ExampleAudit, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    build_seconds: float = 0.0

    @property
    def findings(self) -> tuple[AuditFinding, ...]:
        """The weaknesses of all specs."""
        return tuple(finding for example in self.examples for finding in example.findings)
