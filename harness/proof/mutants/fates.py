"""What became of mutants, and what that says of a spec."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from harness.proof.mutants.mutant import Mutant


class Fate(Enum):
    """What became of one mutant.

    ``KILLED``: some run broke the spec. ``SURVIVED``: no run did, though the
    mutant printed what the original never did. ``UNKNOWN``: no run did, and
    it printed nothing new: it may be equivalent. ``EXPLAINED``: not killed
    either, and the spec says why; it counts all the same. ``EQUIVALENT``: a
    rule shows that no run can tell it from the original. ``REFUSED_ALIKE``:
    the compiler refuses it as it does the original, with the very same
    errors, so that there is no run that could tell. ``NOT_BUILDABLE``:
    the compiler takes it not, or its program does not run with this
    toolchain at all. ``ERRORED``: it could not be told.
    """

    KILLED = "killed"
    SURVIVED = "survived"
    UNKNOWN = "equivalent or not known"
    EQUIVALENT = "equivalent"
    REFUSED_ALIKE = "refused alike: it never runs"
    EXPLAINED = "explained"
    NOT_BUILDABLE = "not buildable"
    ERRORED = "errored"


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedMutant:
    """One mutant that was tried.

    ``killed_by`` names properties and rules of the closed world, of the run
    under ``schedule`` that broke them; ``reason`` says what else there is to
    say. ``runs`` counts the runs that it took.
    """

    mutant: Mutant
    fate: Fate
    killed_by: tuple[str, ...] = ()
    schedule: str = ""
    runs: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How many mutants there are of each fate."""

    counts: Mapping[Fate, int]

    @property
    def killed(self) -> int:
        """The mutants that some run betrayed."""
        return self.counts.get(Fate.KILLED, 0)

    @property
    def tried(self) -> int:
        """The mutants that count: they can be told apart, as far as is known."""
        return sum(self.counts.get(fate, 0) for fate in _COUNTED)

    @property
    def different(self) -> int:
        """The mutants that were seen to do otherwise than the original."""
        return self.killed + self.counts.get(Fate.SURVIVED, 0)

    @property
    def explained(self) -> int:
        """The mutants that live, and of which the spec says why."""
        return self.counts.get(Fate.EXPLAINED, 0)

    @property
    def unexplained(self) -> int:
        """The mutants that live, and of which nobody says why."""
        return self.tried - self.killed - self.explained


_COUNTED = (Fate.KILLED, Fate.SURVIVED, Fate.UNKNOWN, Fate.EXPLAINED)


def score_of(trials: Iterable[TriedMutant]) -> Score:
    """The score of ``trials``."""
    return Score(counts=Counter(trial.fate for trial in trials))


@dataclass(frozen=True, slots=True, kw_only=True)
class MutationReport:
    """What one call found: all trials in the order of the corpus, and where we failed ourselves.

    ``broken`` names, by example and side, the properties that the unchanged
    program broke under the same runs: they have killed nothing. ``unread``
    says, by program, why no mutants could be made of it. ``stale`` names, by
    example, the explained mutants that there is nothing to explain of, each
    with the reason. ``left_out`` are the examples that could not be looked at, each
    with why; ``digests`` tell which the others were.
    """

    trials: tuple[TriedMutant, ...]
    digests: Mapping[str, str] = field(default_factory=dict)
    stale: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    broken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def score(self) -> Score:
        """The score of the whole."""
        return score_of(self.trials)

    @property
    def has_failed(self) -> bool:
        """Whether anything is left to mend: in a spec, in a program, or in how they were tried."""
        left = (Fate.SURVIVED, Fate.UNKNOWN, Fate.ERRORED)
        is_amiss = self.stale or self.broken or self.unread
        return bool(is_amiss) or any(trial.fate in left for trial in self.trials)

    def by_example(self) -> dict[str, tuple[TriedMutant, ...]]:
        """The trials of each example, in order."""
        groups: dict[str, list[TriedMutant]] = {}
        for trial in self.trials:
            groups.setdefault(trial.mutant.example, []).append(trial)
        return {example: tuple(group) for example, group in groups.items()}

    def killers(self) -> dict[str, Counter[str]]:
        """For each example how many mutants each property has killed."""
        return {
            example: Counter(name for trial in group for name in trial.killed_by)
            for example, group in self.by_example().items()
        }
