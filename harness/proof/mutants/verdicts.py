"""What becomes of one mutant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from harness.bench.budget import Budget
from harness.bench.execution import HarnessFault, Misfit
from harness.bench.subject import Estimates, Subject, is_timed
from harness.bench.trial import Judged
from harness.judging.verdict import judge_across
from harness.machine.toolchains import cannot_run
from harness.proof.mutants.equivalence import why_equivalent
from harness.proof.mutants.fates import Fate, TriedMutant
from harness.proof.mutants.making import variant_of
from harness.proof.mutants.mutant import Mutant
from harness.proof.mutants.originals import Baseline, Original, run_original
from harness.proof.mutants.prints import Print, print_of
from harness.proof.mutants.refusals import judge_refusal, said_of
from harness.proof.yard import Yard
from harness.values.toolchain import Built, NotBuilt, Refused

_SURE_WITNESSES = 5
"""Where the original showed a some-run property so often, a mutant that never shows it has lost
it: chance alone would do that in less than one case of a hundred."""


_FURTHER = 4
"""So many times the budget a mutant gets, and the original once more, where the mutant lacks what
some run has to show, and the original showed it too seldom to tell."""

_SURPRISING = 3.0
"""So many times as often as the original would, a mutant must print something new to be told
from it: the runs of a racy program differ among themselves."""


def try_mutant(yard: Yard, mutant: Mutant, original: Original) -> TriedMutant:
    """Run ``mutant`` until a run breaks the spec, or the budget is spent."""
    copy = yard.copy_of(variant_of(original.spec, mutant))
    assert copy is not None  # noqa: S101 - each has been written
    if reason := cannot_run(copy.program, yard.toolchains[mutant.side]):
        reason = f"its program is not run: {reason}"
        return TriedMutant(mutant=mutant, fate=Fate.NOT_BUILDABLE, reason=reason)
    build = yard.build_of(copy)
    if copy.spec.is_refused(copy.program):
        return judge_refusal(yard, copy, mutant, build, original)
    baseline = original.baselines.get((mutant.side, mutant.program))
    if baseline is None:
        return TriedMutant(mutant=mutant, fate=Fate.ERRORED, reason="the original could not be run")
    if not isinstance(build, Built):
        return TriedMutant(mutant=mutant, fate=Fate.NOT_BUILDABLE, reason=_why(build))
    subject = yard.subject_of(copy)
    assert subject is not None  # noqa: S101 - it is built, and meant to be
    return _Attempt(mutant, original, baseline, subject, yard).make()


def _why(build: Refused | NotBuilt) -> str:
    """Why a mutant was not built, in one line."""
    if isinstance(build, NotBuilt):
        return build.reason
    return said_of(build.diagnostics[0])


class _Attempt:
    """One mutant that runs. It gets little more time than the original."""

    def __init__(
        self,
        mutant: Mutant,
        original: Original,
        baseline: Baseline,
        subject: Subject,
        yard: Yard,
    ) -> None:
        self._mutant = mutant
        self._original = original
        self._claims = subject.claims
        self._yard = yard
        budget = replace(yard.budget, run_seconds=baseline.timeout())
        self._trial = yard.trial(subject, budget, forgives=Misfit)
        self._tally = self._trial.tally
        self._innocent = original.broken_on(mutant.side)
        self._baseline = baseline
        self._prints: Counter[Print] = Counter()

    def make(self) -> TriedMutant:
        """The trial of the mutant."""
        try:
            killed = self._run(self._trial.budget)
            if killed is None and self._is_in_doubt():
                killed = self._go_on()
        except HarnessFault as fault:
            return self._tried(Fate.ERRORED, reason=str(fault))
        if killed is not None:
            return killed
        if lost := self._surely_lost():
            reason = "the original shows it, the mutant never"
            return self._tried(Fate.KILLED, killed_by=lost, reason=reason)
        # After the runs: a kill has the last word over any reasoning.
        if reason := self._why_equivalent():
            return self._tried(Fate.EQUIVALENT, reason=reason)
        if self._news() > _SURPRISING * self._baseline.chance_of_news() * self._tally.runs:
            return self._tried(Fate.SURVIVED, reason="it prints what the original never does")
        return self._tried(Fate.UNKNOWN)

    def _why_equivalent(self) -> str:
        """Why no run can tell; empty if no rule shows it."""
        timing = self._claims.spec.timing
        return why_equivalent(self._mutant, timing, is_timed=is_timed(self._claims))

    def _run(self, budget: Budget) -> TriedMutant | None:
        """Make the runs of a budget; what became of it, if one of them broke the spec."""
        for judged in self._trial.run(requests=self._trial.requests(budget)):
            if killers := self._killers(judged):
                return self._tried(Fate.KILLED, killed_by=killers, schedule=judged.run.schedule)
        return None

    def _go_on(self) -> TriedMutant | None:
        """Make further runs, and as many of the original as there are of the mutant then."""
        now = self._trial.budget
        more = _FURTHER - 1
        if killed := self._run(now.beyond(more * now.runs, more * now.schedules)):
            return killed
        budget = self._yard.budget
        self._run_original_again(
            replace(budget, runs=_FURTHER * budget.runs, schedules=_FURTHER * budget.schedules)
        )
        return None

    def _run_original_again(self, budget: Budget) -> None:
        """What the original shows when it is run anew, under the schedules of this budget."""
        if self._baseline.subject is not None:
            subject = replace(self._baseline.subject, estimates=Estimates())
            self._baseline = run_original(self._yard, subject, budget)

    def _tried(
        self,
        fate: Fate,
        *,
        killed_by: tuple[str, ...] = (),
        schedule: str = "",
        reason: str = "",
    ) -> TriedMutant:
        """The result for this mutant, with as many runs as it has had."""
        return TriedMutant(
            mutant=self._mutant,
            fate=fate,
            killed_by=killed_by,
            schedule=schedule,
            runs=self._tally.runs,
            reason=reason,
        )

    def _killers(self, judged: Judged) -> tuple[str, ...]:
        """Which properties one more run broke, by itself or beside the other side."""
        self._prints[print_of(self._claims, judged.run)] += 1
        tallies = [self._tally, *self._original.others(self._claims.program)]
        across = judge_across(self._original.spec, self._mutant.side, tallies).findings
        names = (finding.property for finding in (*judged.judgement.findings, *across))
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
        self._run_original_again(self._yard.budget)
        return self._lost()

    def _lost(self) -> tuple[str, ...]:
        """What some run must show, the original shows again and again, and the mutant never."""
        return self._guilty(
            prop.name
            for prop in self._tally.unwitnessed
            if self._baseline.times_shown(prop, self._tally) >= _SURE_WITNESSES
        )
