"""Explanations that explain nothing: the mutant is gone, or does not live."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from harness.language.declarations import Spec
from harness.proof.mutants.making import mutants_of
from harness.proof.mutants.trials import Fate, Trial
from harness.values.program import Side

_OF_PROGRAMS = tuple(f"{side.value}:" for side in Side)
"""What the ids of mutated programs begin with; the audit looks after those of mutated traces."""


def stale_explanations(
    specs: Iterable[Spec], trials: Sequence[Trial]
) -> Mapping[str, tuple[str, ...]]:
    """By example, the ``[[survivor]]`` entries for mutants that do not survive, each with why.

    What was not tried, such as a mutant of the other side, is not judged.
    """
    fates = {(trial.mutant.example, trial.mutant.id): trial.fate for trial in trials}
    found = {spec.id: tuple(_stale(spec, fates)) for spec in specs}
    return {example: names for example, names in found.items() if names}


def _stale(spec: Spec, fates: Mapping[tuple[str, str], Fate]) -> Iterator[str]:
    known = {mutant.id: mutant for mutant in mutants_of(spec)}
    for survivor in spec.survivors:
        name = survivor.mutation
        if not name.startswith(_OF_PROGRAMS):
            continue
        fate = fates.get((spec.id, name), Fate.EXPLAINED)
        mutant = known.get(name)
        if mutant is None:
            yield f"{name}: there is no such mutant"
        elif not survivor.is_about(mutant.side, mutant.program):
            yield f"{name}: it is of another side or program than the entry says"
        elif fate is not Fate.EXPLAINED:
            yield f"{name}: it is {fate.value}"
