"""From what was killed to what is weak: the verdict on a spec. Nothing here acts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from harness.language.declarations import BREAKS_FILE, Property, Spec
from harness.proof.audit.results import (
    AuditFinding,
    ControlOutcome,
    ControlResult,
    Fault,
    MutationResult,
    PropertyAudit,
    Unshown,
)
from harness.values.finding import Finding
from harness.values.program import Scope, Side


def audit_properties(
    spec: Spec,
    controls: Sequence[ControlResult],
    mutations: Sequence[MutationResult],
    applied: Collection[str],
    unseen: Collection[str] = (),
) -> tuple[PropertyAudit, ...]:
    """What kills each property.

    ``applied`` are those that some audited program was under, ``unseen`` those
    that some run had to show and none did.
    """
    return tuple(
        PropertyAudit(
            name=prop.name,
            controls=tuple(c.name for c in controls if _breaks(c, prop)),
            mutants=sum(_kills(m, prop) for m in mutations),
            reason=prop.audit,
            applies=prop.name in applied,
            is_unlucky=prop.name in unseen and _is_luck(prop),
        )
        for prop in spec.properties
    )


def _is_luck(prop: Property) -> bool:
    """Whether it takes an idle core to show the property, and the spec says so."""
    return prop.family == "speed" and bool(prop.audit)


def _breaks(control: ControlResult, prop: Property) -> bool:
    return control.outcome is not ControlOutcome.ERRORED and prop.name in control.broken


def _kills(mutation: MutationResult, prop: Property) -> int:
    return mutation.killed_by.get(prop.name, 0) + int(prop.name in mutation.unwitnessed)


def find_faults(
    spec: Spec,
    sides: Sequence[Side],
    controls: Sequence[ControlResult],
    mutations: Sequence[MutationResult],
    properties: Sequence[PropertyAudit],
    unseen: Collection[str] = (),
) -> Iterator[AuditFinding]:
    """Everything that is weak in a spec, by kind.

    Of properties that are ``unseen`` nothing is said here: ``never_seen`` tells of those.
    """
    for side in sides:
        if not any(control.side is side for control in controls):
            fault = _fault(spec, Fault.UNCONTROLLED_SIDE, side.value, "it has no control")
            yield replace(fault, side=side)
    for control in controls:
        yield from _control_faults(spec, control)
    # Of one side alone it cannot be said that nothing breaks a property: the other may.
    if set(sides) == set(spec.sides):
        for result in properties:
            if result.name not in unseen:
                yield from _property_faults(spec, result, controls)
        yield from _stale_survivors(spec, mutations)
    for mutation in mutations:
        if mutation.survived and not mutation.excuse:
            yield _survivor(spec, mutation)


def unsound(spec: Spec, findings: Iterable[Finding]) -> Iterator[AuditFinding]:
    """What is wrong with the example before anything in it is broken."""
    for finding in findings:
        yield AuditFinding(
            fault=Fault.UNSOUND,
            example=spec.id,
            subject=finding.property,
            message=finding.violation.message,
            side=finding.side,
            line=finding.line,
            details=tuple(filter(None, (finding.schedule, finding.violation.found))),
        )


def never_seen(spec: Spec, unseen: Iterable[Unshown]) -> Iterator[AuditFinding]:
    """The same as findings, but for what only an idle machine can show and the spec explains."""
    properties = {prop.name: prop for prop in spec.properties}
    for name, side, message in unseen:
        if not _is_luck(properties[name]):
            fault = _fault(spec, Fault.NEVER_SEEN, name, message)
            yield replace(fault, side=side, line=properties[name].line)


def _control_faults(spec: Spec, control: ControlResult) -> Iterator[AuditFinding]:
    """What is wrong with a control, unless it has broken all that it names, or was skipped."""
    missing = ", ".join(control.missing)
    tried = f"in {control.runs} runs it did not break {missing}"
    broken = tuple(f"{name}: {said}" for name, said in control.broken.items())
    blank = _fault(spec, Fault.ERRORED, control.name, control.detail)
    fault = replace(blank, file=BREAKS_FILE, line=control.line, side=control.side)
    match control.outcome:
        case ControlOutcome.ERRORED:
            yield fault
        case ControlOutcome.UNBROKEN:
            yield replace(fault, fault=Fault.UNBROKEN, message=f"{tried}, nor anything else")
        case ControlOutcome.INSTEAD:
            message = f"{tried}; it breaks this instead:"
            yield replace(fault, fault=Fault.INSTEAD, message=message, details=broken)
        case ControlOutcome.BROKEN | ControlOutcome.SKIPPED:
            return


def _property_faults(
    spec: Spec, result: PropertyAudit, controls: Sequence[ControlResult]
) -> Iterator[AuditFinding]:
    """A reason speaks for a missing control, never for a property that nothing can break."""
    if not result.applies:
        return
    prop = next(prop for prop in spec.properties if prop.name == result.name)
    if result.controls:
        breakers = [control.name for control in controls if _refutes(control, prop)]
        if not (result.reason and breakers):
            return
        fault, message = Fault.STALE_REASON, f"it is broken by {', '.join(breakers)}"
    elif not result.mutants:
        fault, message = Fault.VACUOUS, "no control and no mutated trace breaks it"
    elif not result.reason:
        fault = Fault.UNCONTROLLED
        message = f"no control breaks it, though {result.mutants} mutated traces do"
    else:
        return
    yield replace(_fault(spec, fault, result.name, message), line=prop.line)


def _refutes(control: ControlResult, prop: Property) -> bool:
    """Whether a control breaks a property by more than the luck of a busy machine."""
    is_luck = prop.scope is Scope.SOME_RUN or prop.family == "speed"
    return _breaks(control, prop) and (prop.name in control.named or not is_luck)


def _survivor(spec: Spec, mutation: MutationResult) -> AuditFinding:
    """That mutated traces are accepted, with the first of them around its change."""
    of = f" of {mutation.program}" if mutation.program != "main" else ""
    survived = f"{mutation.survived} of {mutation.mutants} traces{of} are accepted"
    return AuditFinding(
        fault=Fault.SURVIVOR,
        example=spec.id,
        subject=mutation.name,
        message=survived,
        side=mutation.side,
        details=tuple(_around_changes(mutation)),
    )


def _around_changes(mutation: MutationResult) -> Iterator[str]:
    """Each changed line of the first that is accepted, with one before and one after it."""
    marked = set(mutation.changed) or {1}
    # A trace that was emptied has no changed line: it is shown from its beginning.
    near = {number + step for number in marked for step in (-1, 0, 1)}
    last = 0
    for number, text in enumerate(mutation.trace, 1):
        if number not in near:
            continue
        if number > last + 1:
            yield "      ┆"
        mark = "▶" if number in mutation.changed else " "
        yield f"{mark} {number:>3} │ {text}"
        last = number
    if last < len(mutation.trace):
        yield f"      ┆ {len(mutation.trace)} lines in all"


def _stale_survivors(spec: Spec, mutations: Sequence[MutationResult]) -> Iterator[AuditFinding]:
    """Explanations of traces that are refused by now: they would hide the next that is not."""
    for survivor in spec.survivors:
        if not any(
            m.name == survivor.mutation and m.survived and survivor.is_about(m.side, m.program)
            for m in mutations
        ):
            fault = _fault(
                spec, Fault.STALE, survivor.mutation, "no trace of that name is accepted"
            )
            yield replace(fault, file=BREAKS_FILE, line=survivor.line)


def _fault(spec: Spec, fault: Fault, subject: str, message: str) -> AuditFinding:
    return AuditFinding(fault=fault, example=spec.id, subject=subject, message=message)
