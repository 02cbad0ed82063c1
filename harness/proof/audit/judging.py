"""Judge changed runs by the real judge, beside all that the example's other programs did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.judging.claims import Claims
from harness.judging.judge import judge_run
from harness.judging.tally import Tally
from harness.judging.verdict import judge_across
from harness.language.declarations import Spec
from harness.proof.audit.recording import Recording
from harness.values.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Killers:
    """Which properties and rules refuse a run, and which some-run properties it does not show."""

    refused_by: frozenset[str] = frozenset()
    unwitnessed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Court:
    """Judges changed runs of one program, in the place of its true ones."""

    spec: Spec
    claims: Claims
    others: Sequence[Tally]

    def judge(self, run: Run) -> Killers:
        """What a run breaks by itself, and together with the runs of all other programs."""
        judgement = judge_run(self.claims, run)
        refused = {finding.property for finding in judgement.findings}
        unwitnessed = set(judgement.missed)
        if any(prop.rule.is_across for prop in self.claims.properties):
            tally = Tally(claims=self.claims)
            tally.add(judgement, run.wall_seconds)
            across = judge_across(self.spec, self.claims.program.side, (tally, *self.others))
            refused |= {finding.property for finding in across.findings}
            unwitnessed |= set(across.unseen)
        return Killers(refused_by=frozenset(refused), unwitnessed=frozenset(unwitnessed))


def court_for(spec: Spec, recording: Recording, recordings: Sequence[Recording]) -> Court:
    """The court for one program's runs; ``recordings`` are all of the example."""
    others = [other.tally for other in recordings if other is not recording]
    return Court(spec, recording.claims, others)
