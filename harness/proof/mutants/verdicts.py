"""What becomes of one mutant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from harness.bench.controllable import is_timed
from harness.bench.execution import HarnessFault
from harness.bench.planning import claims_of
from harness.judging.claims import Claims
from harness.judging.judge import Judgement, judge_run
from harness.judging.verdict import Tally, judge_across
from harness.machine.toolchains import cannot_run
from harness.proof.mutants.equivalence import why_equivalent
from harness.proof.mutants.mutant import Mutant
from harness.proof.mutants.originals import Baseline, Original, run_original
from harness.proof.mutants.refusals import judge_refusal
from harness.proof.mutants.scratch import Copy
from harness.proof.mutants.subjects import Print, Setting, Subject, make_subject, print_of
from harness.proof.mutants.trials import Fate, Trial
from harness.values.run import Run
from harness.values.toolchain import Build, Built, NotBuilt, Refused

_SURE_WITNESSES = 5
"""Where the original showed a some-run property so often, a mutant that never shows it has lost
it: chance alone would do that in less than one case of a hundred."""


_FURTHER = 4
"""So many times the budget a mutant gets, and the original once more, where the mutant lacks what
some run has to show, and the original showed it too seldom to tell."""

_SURPRISING = 3.0
"""So many times as often as the original would, a mutant must print something new to be told
from it: the runs of a racy program differ among themselves."""


def try_mutant(copy: Copy, mutant: Mutant, original: Original, setting: Setting) -> Trial:
    """Run ``mutant`` until a run breaks the spec, or the budget is spent."""
    if reason := cannot_run(copy.programs[mutant.id], setting.toolchains[mutant.side]):
        reason = f"its program is not run: {reason}"
        return Trial(mutant=mutant, fate=Fate.NOT_BUILDABLE, reason=reason)
    plain = _build_of(copy, mutant, setting)
    if copy.spec.is_refused(copy.programs[mutant.id]):
        return judge_refusal(copy, mutant, plain, original, setting)
    baseline = original.baselines.get((mutant.side, mutant.program))
    if baseline is None:
        return Trial(mutant=mutant, fate=Fate.ERRORED, reason="the original could not be run")
    if not isinstance(plain, Built):
        return Trial(mutant=mutant, fate=Fate.NOT_BUILDABLE, reason=_why(plain))
    return _Attempt(_Case(copy, mutant, original, baseline, setting), plain).make()


def _build_of(copy: Copy, mutant: Mutant, setting: Setting) -> Build:
    built = replace(copy.programs[mutant.id], name=copy.builds[mutant.id])
    return setting.builds.of(copy.spec, built, setting.toolchains[mutant.side])


def _why(build: Refused | NotBuilt) -> str:
    if isinstance(build, NotBuilt):
        return build.reason
    first = build.diagnostics[0]
    return f"{first.code}: {first.message}" if first.code else first.message


@dataclass(frozen=True, slots=True)
class _Case:
    """A mutant, and all that it is tried with and held against."""

    copy: Copy
    mutant: Mutant
    original: Original
    baseline: Baseline
    setting: Setting

    def claims(self) -> Claims:
        """What the spec claims of the mutant: all that it claims of the original."""
        toolchain = self.setting.toolchains[self.mutant.side]
        return claims_of(self.copy.spec, self.copy.programs[self.mutant.id], toolchain)

    def subject(self, claims: Claims, plain: Built) -> Subject:
        """The mutant as something that is run; it gets little more time than the original."""
        copy, id_ = self.copy, self.mutant.id
        built = replace(copy.programs[id_], name=copy.builds[id_])
        toolchain = self.setting.toolchains[self.mutant.side]
        steered = self.setting.controllable.build_of(copy.spec, built, toolchain, plain)
        subject = make_subject(claims, plain, steered, self.setting)
        return replace(subject, timeout_seconds=self.baseline.timeout())


class _Attempt:
    """One mutant that runs."""

    def __init__(self, case: _Case, plain: Built) -> None:
        self._case = case
        self._claims = case.claims()
        self._subject = case.subject(self._claims, plain)
        self._tally = Tally(claims=self._claims)
        self._innocent = case.original.broken_on(case.mutant.side)
        self._baseline = case.baseline
        self._prints: Counter[Print] = Counter()

    def make(self) -> Trial:
        """The trial of the mutant."""
        try:
            killed = self._run(self._case.setting)
            if killed is None and self._is_in_doubt():
                killed = self._go_on()
        except HarnessFault as fault:
            return self._trial(Fate.ERRORED, reason=str(fault))
        if killed is not None:
            return killed
        if lost := self._surely_lost():
            reason = "the original shows it, the mutant never"
            return self._trial(Fate.KILLED, killed_by=lost, reason=reason)
        if reason := why_equivalent(self._case.mutant, self._claims.spec.timing):
            return self._trial(Fate.EQUIVALENT, reason=reason)
        if self._news() > _SURPRISING * self._baseline.chance_of_news() * self._tally.runs:
            return self._trial(Fate.SURVIVED, reason="it prints what the original never does")
        return self._trial(Fate.UNKNOWN)

    def _run(self, setting: Setting) -> Trial | None:
        """Make the runs of the setting; the trial, if one of them broke the spec."""
        for run in self._subject.runs(setting):
            if killers := self._add(run):
                return self._trial(Fate.KILLED, killed_by=killers, schedule=run.schedule)
        return None

    def _go_on(self) -> Trial | None:
        """Make further runs, and as many of the original as there are of the mutant then."""
        setting = self._case.setting
        now = setting.options
        mutants = setting.with_options(
            runs=(_FURTHER - 1) * now.runs,
            schedules=(_FURTHER - 1) * now.schedules,
            seed=now.seed + now.schedules,
        )
        if killed := self._run(mutants):
            return killed
        originals = setting.with_options(
            runs=_FURTHER * now.runs, schedules=_FURTHER * now.schedules
        )
        program = self._baseline.tally.claims.program
        self._baseline = run_original(self._claims.spec, program, originals) or self._baseline
        return None

    def _trial(
        self,
        fate: Fate,
        *,
        killed_by: tuple[str, ...] = (),
        schedule: str = "",
        reason: str = "",
    ) -> Trial:
        return Trial(
            mutant=self._case.mutant,
            fate=fate,
            killed_by=killed_by,
            schedule=schedule,
            runs=self._tally.runs,
            reason=reason,
        )

    def _add(self, run: Run) -> tuple[str, ...]:
        """Count one more run; which properties it broke, by itself or beside the other side."""
        judgement: Judgement = judge_run(self._claims, run)
        self._tally.add(judgement, run.wall_seconds)
        self._prints[print_of(self._claims, run)] += 1
        tallies = [self._tally, *self._case.original.others(self._claims.program)]
        across = judge_across(self._claims.spec, self._case.mutant.side, tallies).findings
        names = (finding.property for finding in (*judgement.findings, *across))
        return self._guilty(names)

    def _guilty(self, names: Iterable[str]) -> tuple[str, ...]:
        """The names without those that the original broke itself."""
        return tuple(dict.fromkeys(name for name in names if name not in self._innocent))

    def _news(self) -> int:
        """How many runs printed what the original never did."""
        known = self._baseline.prints
        return sum(count for text, count in self._prints.items() if text not in known)

    def _is_in_doubt(self) -> bool:
        """Whether the mutant lacks something that the original did not show often enough."""
        return not self._lost() and bool(self._guilty(p.name for p in self._tally.unwitnessed))

    def _surely_lost(self) -> tuple[str, ...]:
        """What is lost; of a speed, what the original has still when it is run once more.

        On a machine that has become busy meanwhile it may have lost it, too.
        """
        if not self._lost() or not is_timed(self._claims):
            return self._lost()
        program = self._baseline.tally.claims.program
        again = run_original(self._claims.spec, program, self._case.setting)
        self._baseline = again or self._baseline
        return self._lost()

    def _lost(self) -> tuple[str, ...]:
        """What some run must show, the original shows again and again, and the mutant never."""
        return self._guilty(
            prop.name
            for prop in self._tally.unwitnessed
            if self._baseline.times_shown(prop, self._tally) >= _SURE_WITNESSES
        )
