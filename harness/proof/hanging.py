"""Judge a run that hung as one that has said all that it ever will."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from harness.judging.claims import Claims
from harness.judging.judge import Judgement, judge_run
from harness.values.run import Deadlocked, Run, TimedOut


@dataclass(frozen=True, slots=True, kw_only=True)
class _Patient(Claims):
    """The same claims, for which a hang is an ending like another."""

    @property
    def may_hang(self) -> bool:
        """It is not asked here whether a hang is allowed."""
        return True


def judge_to_the_end(claims: Claims, run: Run) -> Judgement:
    """Judge a run; of one that hung also what it still owed.

    The verifier itself says of such a run only that it did not end. But a
    control that is said to break a count may do so by waiting for ever, and
    then the lines that never came are what it has broken.
    """
    judgement = judge_run(claims, run)
    if claims.may_hang or not _is_hung(run):
        return judgement
    patient = judge_run(_patient(claims), run)
    known = {finding.property for finding in judgement.findings}
    owed = tuple(f for f in patient.findings if f.property not in known)
    return replace(patient, findings=(*judgement.findings, *owed), witnessed=judgement.witnessed)


def _is_hung(run: Run) -> bool:
    """Whether it waits for ever, as far as that can be told."""
    match run.ending:
        case Deadlocked():
            return True
        case TimedOut() as late:
            return late.may_be_hung
        case _:
            return False


def _patient(claims: Claims) -> Claims:
    return _Patient(**{f.name: getattr(claims, f.name) for f in fields(claims)})
