"""How good proposals are: held against the specs that people wrote, and against further runs.

``python -m tests.bench.proposals`` measures it over a corpus: which
share of the hand-written properties is proposed or implied by what is
proposed, and which proposals further runs refute.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import toml

from harness.authoring.propose.choosing import changed_runs
from harness.authoring.propose.draft import tables_without_properties
from harness.authoring.propose.gathering import Gathered, Recorded, Workshop
from harness.authoring.propose.proposing import Proposed
from harness.bench.subject import claims_of
from harness.judging.claims import Claims
from harness.judging.judge import judge_run
from harness.judging.tally import Tally
from harness.judging.verdict import judge_across
from harness.language.declarations import SPEC_FILE, Property, Spec
from harness.language.properties.count import Count
from harness.language.spec.files import Files
from harness.language.spec.loader import parse_spec
from harness.language.tables import Source
from harness.machine.toolchains import condition_unmet
from harness.values.program import Scope, Side
from harness.values.run import Run
from harness.values.toolchain import Build, Built, Refused, Toolchain


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What the proposals for one example are worth.

    ``implied`` and ``missed`` are hand-written properties; those that do not
    apply on this machine are in neither. ``refuted`` are proposals that some
    of ``further`` runs of each program broke, or never showed.
    """

    example: str
    proposed: int
    implied: tuple[str, ...]
    missed: tuple[str, ...]
    refuted: tuple[str, ...] = ()
    further: int = 0


def proposed_spec(directory: Path, proposed: Proposed) -> Spec:
    """The spec that consists of the proposals; raises SpecError if it cannot be taken."""
    tables = tables_without_properties(directory)
    if proposed.events:
        tables = {key: value for key, value in tables.items() if key != "events"}
    text = f"{toml.dumps(dict(tables))}\n{proposed.text}"
    return parse_spec(Source(directory / SPEC_FILE, text), Files(directory))


def compare(written: Spec, proposed: Proposed, workshop: Workshop) -> Comparison:
    """Which properties of the hand-written spec the proposals have or imply."""
    spec = proposed_spec(written.directory, proposed)
    jury = _Jury(written, spec, proposed.gathered, workshop)
    verdicts = [
        (prop.name, jury.implies(prop)) for prop in written.properties if jury.applies(prop)
    ]
    return Comparison(
        example=written.id,
        proposed=len(spec.properties),
        implied=tuple(name for name, implied in verdicts if implied),
        missed=tuple(name for name, implied in verdicts if not implied),
    )


def refuted_by(
    spec: Spec, further: Gathered, toolchains: Mapping[Side, Toolchain]
) -> tuple[str, ...]:
    """The properties of ``spec`` that the ``further`` runs break, or of some run and never show."""
    tallies = []
    for (side, name), recorded in further.recorded.items():
        program = spec.program(side, name)
        if program is not None:
            claims = claims_of(spec, program, toolchains[side])
            tally = Tally(claims=claims)
            for run in recorded.runs:
                tally.add(judge_run(claims, run), run.wall_seconds)
            tallies.append(tally)
    names = {prop.name for prop in spec.properties}
    broken = {finding.property for tally in tallies for finding in tally.findings.values()}
    for side in Side:
        broken |= {finding.property for finding in judge_across(spec, side, tallies).findings}
    unseen = {prop.name for tally in tallies for prop in tally.unwitnessed}
    return tuple(sorted((broken | unseen) & names))


class _Jury:
    """Holds one spec against another, over runs that were made and changed."""

    def __init__(
        self, written: Spec, proposed: Spec, gathered: Gathered, workshop: Workshop
    ) -> None:
        self._written = written
        self._proposed = proposed
        self._gathered = gathered
        self._toolchains = workshop.toolchains
        self._changed = {place: changed_runs(r) for place, r in gathered.recorded.items()}

    def applies(self, prop: Property) -> bool:
        """Whether anything can be said of it on this machine."""
        toolchains = [t for side, t in self._toolchains.items() if prop.side in (None, side)]
        return any(not condition_unmet(prop.when, toolchain) for toolchain in toolchains)

    def implies(self, prop: Property) -> bool:
        """Whether the proposals refuse all that ``prop`` refuses, or show what it wants shown."""
        if prop.family == "compile-error":
            return self._implies_refusal(prop)
        recorded = [r for r in self._gathered.recorded.values() if self._speaks(prop, r)]
        if prop.scope is Scope.SOME_RUN:
            return any(self._is_shown(prop, each) for each in recorded)
        refused = 0
        for each in recorded:
            for run in self._changed[each.claims.program.side, each.claims.program.name]:
                if self._refuses(self._written, prop, each, run):
                    refused += 1
                    if not self._refuses(self._proposed, None, each, run):
                        return False
        return refused > 0 or self._is_there(prop) or self._is_forbidden(prop, recorded)

    def _speaks(self, prop: Property, recorded: Recorded) -> bool:
        program = recorded.claims.program
        return prop.covers(program) and prop.rule.judges(program)

    def _claims(self, spec: Spec, recorded: Recorded) -> Claims:
        program = recorded.claims.program
        return claims_of(spec, program, self._toolchains[program.side])

    def _refuses(self, spec: Spec, prop: Property | None, recorded: Recorded, run: Run) -> bool:
        """Whether the spec (or one property of it) refuses the run, beside good other runs."""
        claims = self._claims(spec, recorded)
        judged = judge_run(claims, run)
        findings = [finding.property for finding in judged.findings]
        tally = Tally(claims=claims)
        tally.add(judged, 0.0)
        tallies = [tally, *self._others(spec, recorded)]
        across = judge_across(spec, run.side, tallies).findings
        names = [*findings, *(finding.property for finding in across)]
        return bool(names) if prop is None else prop.name in names

    def _others(self, spec: Spec, recorded: Recorded) -> Iterator[Tally]:
        for other in self._gathered.recorded.values():
            if other is not recorded:
                claims = self._claims(spec, other)
                tally = Tally(claims=claims)
                tally.add(judge_run(claims, other.runs[0]), 0.0)
                yield tally

    # --- some run -----------------------------------------------------------------

    def _is_shown(self, prop: Property, recorded: Recorded) -> bool:
        """Whether some proposal is only ever shown by runs that show ``prop``."""
        claims = self._claims(self._written, recorded)
        wanted = [prop.name in judge_run(claims, run).witnessed for run in recorded.runs]
        proposals = self._claims(self._proposed, recorded)
        shown: dict[str, list[bool]] = {}
        for run in recorded.runs:
            witnessed = judge_run(proposals, run).witnessed
            for each in proposals.of_scope(Scope.SOME_RUN):
                shown.setdefault(each.name, []).append(each.name in witnessed)
        return any(
            any(seen) and all(want for want, see in zip(wanted, seen, strict=True) if see)
            for seen in shown.values()
        )

    def _is_there(self, prop: Property) -> bool:
        """Whether the very rule is proposed; for those that no changed trace breaks."""
        return any(each.rule == prop.rule for each in self._proposed.properties)

    def _is_forbidden(self, prop: Property, recorded: Iterable[Recorded]) -> bool:
        """Whether ``prop`` forbids lines which the closed world forbids as well: unnamed ones."""
        events = {selector.event for selector in prop.rule.selectors()}
        claims = [self._claims(self._proposed, each) for each in recorded]
        forbids = isinstance(prop.rule, Count) and prop.rule.most == 0
        return forbids and not any(events & each.bound for each in claims)

    # --- refusals -----------------------------------------------------------------

    def _implies_refusal(self, prop: Property) -> bool:
        name = prop.programs[0]
        refused = self._gathered.refused.get(name)
        program = self._written.program(Side.RUST, name)
        if refused is None or program is None:
            return False
        source = (self._written.directory / program.path).read_text(encoding="utf-8")
        proposals = [
            p
            for p in self._proposed.properties
            if p.family == "compile-error" and p.covers(program)
        ]
        return all(
            any(each.rule.judge_build(build, source) for each in proposals)
            for build in _other_builds(refused)
            if prop.rule.judge_build(build, source)
        )


def _other_builds(refused: Refused) -> Iterator[Build]:
    """What the compiler might say instead: nothing, another error, one elsewhere, one more."""
    first = refused.diagnostics[0]
    yield Built(command=("true",))
    yield Refused(diagnostics=(replace(first, code="E0001"), *refused.diagnostics[1:]))
    if first.place is not None:
        moved = replace(first, place=replace(first.place, line=1, text=""))
        yield Refused(diagnostics=(moved, *refused.diagnostics[1:]))
    yield Refused(diagnostics=(*refused.diagnostics, replace(first, code="E0001")))


def totals(comparisons: Iterable[Comparison]) -> Mapping[str, int]:
    """The sums over a corpus."""
    every = tuple(comparisons)
    return {
        "examples": len(every),
        "proposed": sum(each.proposed for each in every),
        "implied": sum(len(each.implied) for each in every),
        "missed": sum(len(each.missed) for each in every),
        "refuted": sum(len(each.refuted) for each in every),
    }


def rows(comparisons: Sequence[Comparison]) -> Iterator[str]:
    """The measurement as a table, and its sums."""
    for each in comparisons:
        of = len(each.implied) + len(each.missed)
        missed = f"  missed: {', '.join(each.missed)}" if each.missed else ""
        refuted = f"  REFUTED: {', '.join(each.refuted)}" if each.refuted else ""
        yield (
            f"{each.example:<36} {len(each.implied):>3} of {of:>3} had or implied, "
            f"{each.proposed:>3} proposed{missed}{refuted}"
        )
    sums = totals(comparisons)
    of = sums["implied"] + sums["missed"]
    share = sums["implied"] / of if of else 1.0
    yield f"{sums['implied']} of {of} hand-written properties ({share:.1%}) are had or implied"
    yield f"{sums['refuted']} of {sums['proposed']} proposals were refuted by further runs"
