"""Spec + Build + Judgements → Verdict."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from harness.judging.tally import OF_TIME, Tally, across_of, told_passed_over
from harness.language.control_texts import CONTROLS_APPLY
from harness.language.declarations import Property, Spec
from harness.values.counts import runs_in_words
from harness.values.finding import Finding, Violation
from harness.values.messages import Message, say
from harness.values.program import Scope, Side
from harness.values.report import Observation, Outcome, PropertyResult, Status, Verdict

_CANNOT_TELL = frozenset({"starts", "builds", "harness", "record", "room"})
"""Findings that say nothing of the program: it was not run, or not to where it could be judged."""


def judge_across(
    spec: Spec, side: Side, tallies: Iterable[Tally], toolchain: str = ""
) -> AcrossFindings:
    """What is wrong with all runs of an example taken together.

    As far as it concerns ``side`` under the toolchain of that label.
    """
    tallies = tuple(tallies)
    found: list[Finding] = []
    unseen: dict[str, str] = {}
    for prop in spec.properties:
        seen = across_of(prop, side, tallies, toolchain)
        if prop.side not in (None, side) or not seen.runs[side]:
            continue
        for violation in prop.rule.across(seen):
            if prop.rule.may_come_later:
                unseen[prop.name] = violation.message
            else:
                found.append(_finding_across(prop, side, violation))
    return AcrossFindings(findings=tuple(found), unseen=unseen)


def _finding_across(prop: Property, side: Side, violation: Violation) -> Finding:
    """A finding of all runs together: there is no one run that shows it."""
    return Finding(
        property=prop.name,
        why=prop.why,
        violation=violation,
        side=side,
        program=prop.programs[0],
        line=prop.line,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AcrossFindings:
    """What all runs together show: what is wrong, and what has not been seen yet (by property)."""

    findings: tuple[Finding, ...] = ()
    unseen: Mapping[str, str] = field(default_factory=dict)


def conclude(
    spec: Spec,
    side: Side,
    toolchain: str,
    tallies: Iterable[Tally],
    *,
    build_findings: tuple[Finding, ...] = (),
    unmet: Mapping[str, str] | None = None,
    across: AcrossFindings | None = None,
    notes: tuple[str, ...] = (),
) -> Verdict:
    """The verdict on one side with one toolchain, from its programs' tallies.

    ``unmet`` names the properties that do not apply, each with the reason.
    ``across`` is what all runs of the example together show, those of the
    other side and of other toolchains included.
    """
    across = across or AcrossFindings()
    tallies = tuple(tallies)
    findings = _findings_that_count(build_findings, tallies, across)
    broken = {finding.property for finding in findings}
    unconfirmed = _findings_that_do_not_count(tallies, broken)
    unseen = {**{f.property: _why_unconfirmed(f) for f in unconfirmed}, **across.unseen}
    properties = tuple(
        _result(prop, tallies, unmet or {}, unseen, is_broken=prop.name in broken)
        for prop in spec.properties
        if prop.side in (None, side)
    )
    outcome = _outcome(findings, unconfirmed, properties)
    verdict = Verdict(
        example=spec.id,
        side=side,
        toolchain=toolchain,
        outcome=outcome,
        reason=_reason(unconfirmed, properties) if outcome is Outcome.INCONCLUSIVE else "",
        findings=findings,
        unconfirmed=unconfirmed,
        passed_over=told_passed_over(tallies),
        properties=properties,
        observations=tuple(_observations(spec, side, tallies)),
        notes=notes,
    )
    return _with_numbers(verdict, tallies)


def _findings_that_count(
    of_builds: Iterable[Finding], tallies: Iterable[Tally], across: AcrossFindings
) -> tuple[Finding, ...]:
    """All that is wrong, in the order in which it is told."""
    of_runs = (finding for tally in tallies for finding in tally.told)
    # That a control no longer fits follows from a change: what that broke is told first.
    return tuple(
        sorted(
            (*of_builds, *of_runs, *across.findings),
            key=lambda finding: finding.property == CONTROLS_APPLY,
        )
    )


def _findings_that_do_not_count(
    tallies: Iterable[Tally], broken: Container[str]
) -> tuple[Finding, ...]:
    """What only runs show that may have left control, but for what is ``broken`` in others."""
    return tuple(
        finding
        for tally in tallies
        for finding in tally.told_unconfirmed
        if finding.property not in broken
    )


def _with_numbers(verdict: Verdict, tallies: Sequence[Tally]) -> Verdict:
    """The verdict with how many runs there were, and how many orders of lines they showed.

    Interleavings are those of the program that shows most: those of different programs are not to
    be added up.
    """
    return replace(
        verdict,
        runs=sum(tally.runs for tally in tallies),
        interleavings=max((len(tally.signatures) for tally in tallies), default=0),
        plain_runs=sum(tally.plain.runs for tally in tallies),
        plain_interleavings=max((len(tally.plain.signatures) for tally in tallies), default=0),
        steered_interleavings=max((len(tally.steered_signatures) for tally in tallies), default=0),
        torn_lines=sum(tally.torn for tally in tallies),
        seconds=sum(tally.seconds for tally in tallies),
    )


def _why_unconfirmed(finding: Finding) -> Message:
    """Why it does not count, on one line."""
    message = finding.violation.message
    return say(
        "verdict.unconfirmed",
        message=message.replace("\n", " ") if "\n" in message else message,
        confirmation=finding.confirmation,
        doubts=finding.doubts,
    )


def _outcome(
    findings: Iterable[Finding],
    unconfirmed: Sequence[Finding],
    properties: Iterable[PropertyResult],
) -> Outcome:
    """By the worst that was found; without findings, by what was not seen."""
    names = {finding.property for finding in findings}
    # The worst first: a property that is broken is so whatever else could not be told; a fault of
    # ours or of the machine is no failure of the program; a timeout alone may be the machine's.
    if names - OF_TIME - _CANNOT_TELL:
        return Outcome.FAILED
    if names & _CANNOT_TELL:
        return Outcome.ERRORED
    if names:
        return Outcome.TIMED_OUT
    if unconfirmed or any(result.status == "not-seen" for result in properties):
        return Outcome.INCONCLUSIVE
    return Outcome.PASSED


def _reason(unconfirmed: Iterable[Finding], properties: Iterable[PropertyResult]) -> str:
    """Why nothing can be concluded, property by property."""
    reasons = {result.name: result.reason for result in properties if result.status == "not-seen"}
    for finding in unconfirmed:
        reasons.setdefault(finding.property, _why_unconfirmed(finding))
    told = tuple(say("verdict.of", name=name, reason=why) for name, why in reasons.items())
    return say("verdict.reasons", reasons=told)


def _result(
    prop: Property,
    tallies: Iterable[Tally],
    unmet: Mapping[str, str],
    unseen: Mapping[str, str],
    *,
    is_broken: bool,
) -> PropertyResult:
    """What came of one property; one of a failing build alone has no runs to be told of."""
    concerned = [tally for tally in tallies if tally.claims.has(prop)]
    reason = unseen.get(prop.name) or _why_unseen(prop, concerned)
    status: Status = "held"
    if is_broken:
        status, reason = "broke", ""
    elif prop.name in unmet:
        status, reason = "not-applicable", unmet[prop.name]
    elif not concerned and prop.family != "compile-error":
        status, reason = "not-applicable", say("verdict.no-program-of-it")
    elif reason:
        status = "not-seen"
    return PropertyResult(
        name=prop.name,
        family=prop.family,
        status=status,
        reason=reason,
        runs=sum(tally.runs for tally in concerned),
        witnesses=sum(tally.witnesses[prop.name] for tally in concerned),
        plain_runs=sum(tally.plain.runs for tally in concerned),
        plain_witnesses=sum(tally.plain.witnesses[prop.name] for tally in concerned),
    )


def _why_unseen(prop: Property, tallies: Iterable[Tally]) -> str:
    """Why the runs do not tell whether a property holds; empty if they do."""
    tallies = [tally for tally in tallies if tally.runs]
    if not tallies:
        return ""
    if not any(tally.ended for tally in tallies):
        return say("verdict.no-run-ended")
    if prop.scope is Scope.EVERY_RUN or prop.rule.is_across:
        return ""
    if any(tally.witnesses[prop.name] for tally in tallies):
        return ""
    for tally in tallies:
        if violation := tally.missed.get(prop.name):
            looked = runs_in_words(tally.runs, tally.plain.runs)
            return say("verdict.not-seen-in", looked=looked, last=_last(prop, violation))
    return say("verdict.not-seen")


def _last(prop: Property, violation: Violation) -> Message:
    """How the last run missed it."""
    if not violation.found:
        return say("verdict.last", found=violation.message, wanted="", hint="")
    expected = violation.expected
    return say(
        "verdict.last",
        found=violation.found,
        wanted=say("verdict.wanted", expected=expected) if expected else "",
        hint=say("verdict.busy-machine") if prop.family == "speed" else "",
    )


def _observations(spec: Spec, side: Side, tallies: tuple[Tally, ...]) -> Iterator[Observation]:
    """Each outcome that a rule tells apart, with how often it came, and how often in plain runs."""
    for prop in spec.properties:
        if prop.side not in (None, side):
            continue
        natural = prop.rule.table_of(across_of(prop, side, tallies, only_plain=True))
        plain = {outcome: count for outcome, _, _, count in natural}
        for outcome, grade, why, count in prop.rule.table_of(across_of(prop, side, tallies)):
            yield Observation(
                property=prop.name,
                outcome=outcome,
                grade=grade,
                why=why,
                count=count,
                plain=plain.get(outcome, 0),
            )
