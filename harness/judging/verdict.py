"""Spec + Build + Judgements → Verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from harness.judging.claims import Claims
from harness.judging.judge import Judgement
from harness.judging.shown import Shown
from harness.language.control_texts import CONTROLS_APPLY
from harness.language.declarations import Property, Spec
from harness.language.properties.base import Across
from harness.values.counts import runs_in_words
from harness.values.finding import Finding, Violation
from harness.values.messages import Message, say
from harness.values.program import Program, Scope, Side
from harness.values.report import Observation, Outcome, PropertyResult, Status, Verdict
from harness.values.run import PassedOver
from harness.values.toolchain import Build, Built, NotBuilt, Place, Refused

MAX_PASSED_OVER = 20
"""Threads and places of one program that are told of loosely controlled runs."""

_TIME = frozenset({"ends-in-time"})
_CANNOT_TELL = frozenset({"starts", "builds", "harness", "record", "room"})


@dataclass(slots=True)
class Tally(Shown):
    """What the runs of one program under one toolchain (its label) have shown so far.

    The one value here that changes: it is added to as runs come in.
    """

    claims: Claims = field(kw_only=True)
    toolchain: str = field(default="", kw_only=True)

    def add(self, judgement: Judgement, seconds: float, *, is_steered: bool = False) -> None:
        """Count one more run; of findings that say the same one is kept, with their number."""
        self.runs += 1
        self.ended += judgement.ended
        self.seconds += seconds
        self.torn += judgement.torn
        # What control may have led astray printed an order that the
        # program need not be able to print.
        if not judgement.unconfirmed:
            self.signatures[judgement.signature] += 1
            (self.steered_signatures if is_steered else self.plain.signatures).add(
                judgement.signature
            )
        if not is_steered:
            self.plain.runs += 1
            self.plain.witnesses.update(judgement.witnessed)
        self.witnesses.update(judgement.witnessed)
        self.missed.update(judgement.missed)
        self.passed_over.update(judgement.passed_over)
        for name, seen in judgement.observed.items():
            if not (judgement.doubts and name in self._compared):
                self.observed.setdefault(name, Counter())[seen] += 1
                if not is_steered:
                    self.plain.observed.setdefault(name, Counter())[seen] += 1
        self.add_findings(_once(judgement.findings, is_steered=is_steered))
        self.add_unconfirmed(_once(judgement.unconfirmed, is_steered=is_steered))

    @property
    def _compared(self) -> frozenset[str]:
        """The properties that one run more can break: what a doubtful run printed is no reason."""
        properties = self.claims.properties
        return frozenset(
            p.name for p in properties if p.rule.is_across and not p.rule.may_come_later
        )

    @property
    def told(self) -> tuple[Finding, ...]:
        """The findings, each with the number of runs that it was looked for in."""
        return tuple(map(self._told, self.findings.values()))

    @property
    def told_unconfirmed(self) -> tuple[Finding, ...]:
        """The same of what does not count."""
        return tuple(map(self._told, self.unconfirmed.values()))

    def _told(self, finding: Finding) -> Finding:
        """The finding, with how many runs were made in all."""
        return replace(finding, runs=self.runs, plain_runs=self.plain.runs)

    @property
    def timeouts(self) -> int:
        """How many runs had not ended in time, and should have."""
        late = (finding for (name, _), finding in self.findings.items() if name in _TIME)
        return sum(finding.occurrences for finding in late)

    @property
    def unwitnessed(self) -> tuple[Property, ...]:
        """The properties that wait for a run to show them."""
        side = self.claims.program.side
        return tuple(
            prop
            for prop in self.claims.properties
            if not prop.rule.is_across
            and (
                (prop.scope is Scope.SOME_RUN and not self.witnesses[prop.name])
                or (prop.rule.may_come_later and prop.rule.across(_across(prop, side, (self,))))
            )
        )


def _once(findings: Iterable[Finding], *, is_steered: bool) -> list[Finding]:
    """The findings of one run, as those of a plain one or not."""
    return [replace(each, plain_occurrences=int(not is_steered)) for each in findings]


def judge_builds(
    spec: Spec,
    builds: Iterable[tuple[Program, Build]],
    toolchain: str,
    unmet: Mapping[str, str],
    sources: Mapping[str, str],
) -> tuple[Finding, ...]:
    """What is wrong with how the programs compiled.

    ``unmet`` names properties that do not apply, ``sources`` gives the text
    of each program by its name, for places.
    """
    return tuple(
        finding
        for program, build in builds
        for finding in (
            *_judge_refusal(spec, program, build, toolchain, unmet, sources[program.name]),
            *_judge_build(spec, program, build, toolchain),
        )
    )


def _judge_refusal(
    spec: Spec,
    program: Program,
    build: Build,
    toolchain: str,
    unmet: Mapping[str, str],
    source: str,
) -> Iterator[Finding]:
    """What the compile-error properties say of one build; places are told by ``source``."""
    for prop in spec.properties:
        if prop.family == "compile-error" and prop.covers(program) and prop.name not in unmet:
            for violation in prop.rule.judge_build(build, source):
                yield _of_build(prop.name, prop.why, violation, program, toolchain, prop.line)


def _judge_build(spec: Spec, program: Program, build: Build, toolchain: str) -> Iterator[Finding]:
    """That a program was not built, unless the spec says that the compiler refuses it."""
    match build:
        case Built():
            return
        case Refused(diagnostics=diagnostics):
            if spec.is_refused(program):
                return
            message = say("builds.refused", program=program.path)
            found = "\n".join(d.rendered or d.message for d in diagnostics)
        case NotBuilt(reason=reason, detail=detail):
            is_read = program.side is Side.PYTHON and build.place is not None
            message = say("builds.no-python" if is_read else "builds.not", program=program.path)
            found = say("each-on-a-line", items=(reason, detail)) if detail else reason
        case _:
            assert_never(build)
    violation = Violation(message=message, expected=say("builds.a-program"), found=found)
    finding = _of_build("builds", say("builds.why"), violation, program, toolchain)
    yield replace(finding, place=_place_of(build))


def _place_of(build: Refused | NotBuilt) -> Place | None:
    """Where the compiler says that the program is wrong, if it does."""
    if isinstance(build, NotBuilt):
        return build.place
    diagnostics = build.diagnostics
    return next((each.place for each in diagnostics if each.place), None)


def _of_build(
    name: str, why: str, violation: Violation, program: Program, toolchain: str, line: int = 0
) -> Finding:
    """A finding of a build, which has no run, no schedule and no trace."""
    return Finding(
        property=name,
        why=why,
        violation=violation,
        side=program.side,
        program=program.name,
        toolchain=toolchain,
        line=line,
    )


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
        seen = _across(prop, side, tallies, toolchain)
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


def _across(
    prop: Property,
    side: Side,
    tallies: Iterable[Tally],
    toolchain: str = "",
    *,
    only_plain: bool = False,
) -> Across:
    """The runs that concern a property, added up for one side under one toolchain."""
    observed: dict[Side, Counter[Hashable]] = {s: Counter() for s in Side}
    apart: dict[tuple[Side, str], Counter[Hashable]] = {}
    runs: Counter[Side] = Counter()
    plain_runs: Counter[Side] = Counter()
    for tally in tallies:
        program = tally.claims.program
        if tally.claims.has(prop):
            part = tally.plain if only_plain else tally
            counts = part.observed.get(prop.name, Counter())
            observed[program.side].update(counts)
            apart.setdefault((program.side, tally.toolchain), Counter()).update(counts)
            runs[program.side] += part.runs
            plain_runs[program.side] += tally.plain.runs
    return Across(
        side=side,
        observed=observed,
        runs=runs,
        plain_runs=plain_runs,
        toolchain=toolchain,
        apart=apart,
    )


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
    findings = (
        *build_findings,
        *(finding for tally in tallies for finding in tally.told),
        *across.findings,
    )
    # That a control no longer fits follows from a change: what that broke is told first.
    findings = tuple(sorted(findings, key=lambda finding: finding.property == CONTROLS_APPLY))
    # What broke in a run that counts is not told a second time of those that do not.
    broken = {finding.property for finding in findings}
    unconfirmed = tuple(
        finding
        for tally in tallies
        for finding in tally.told_unconfirmed
        if finding.property not in broken
    )
    unseen = {**{f.property: _why_unconfirmed(f) for f in unconfirmed}, **across.unseen}
    properties = tuple(
        _result(prop, tallies, unmet or {}, unseen, is_broken=prop.name in broken)
        for prop in spec.properties
        if prop.side in (None, side)
    )
    outcome = _outcome(findings, unconfirmed, properties)
    return Verdict(
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
        runs=sum(tally.runs for tally in tallies),
        # Of the program that shows most: interleavings of different
        # programs are not to be added up.
        interleavings=max((len(tally.signatures) for tally in tallies), default=0),
        plain_runs=sum(tally.plain.runs for tally in tallies),
        plain_interleavings=max((len(tally.plain.signatures) for tally in tallies), default=0),
        steered_interleavings=max((len(tally.steered_signatures) for tally in tallies), default=0),
        torn_lines=sum(tally.torn for tally in tallies),
        seconds=sum(tally.seconds for tally in tallies),
        notes=notes,
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


def told_passed_over(tallies: Iterable[Tally]) -> tuple[PassedOver, ...]:
    """Each thread and place of a program once, with its runs, the most frequent first."""
    return tuple(
        replace(each, runs=runs)
        for tally in tallies
        for each, runs in tally.passed_over.most_common(MAX_PASSED_OVER)
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
    if names - _TIME - _CANNOT_TELL:
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
        natural = prop.rule.table_of(_across(prop, side, tallies, only_plain=True))
        plain = {outcome: count for outcome, _, _, count in natural}
        for outcome, grade, why, count in prop.rule.table_of(_across(prop, side, tallies)):
            yield Observation(
                property=prop.name,
                outcome=outcome,
                grade=grade,
                why=why,
                count=count,
                plain=plain.get(outcome, 0),
            )
