"""Explanations that explain nothing: the mutant is gone, or does not live."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from harness.language.declarations import Spec
from harness.proof.mutants.accepted import Accepted
from harness.proof.mutants.fates import Fate, TriedMutant
from harness.proof.mutants.making import mutants_of
from harness.proof.mutants.mutant import Mutant


def stale_explanations(
    specs: Iterable[Spec], trials: Sequence[TriedMutant]
) -> Mapping[str, tuple[str, ...]]:
    """By example, the accepted variants that no living mutant comes to, each with why.

    What was not tried, such as a mutant of the other side, is not judged.
    """
    fates = {(trial.mutant.example, trial.mutant.id): trial.fate for trial in trials}
    found = {spec.id: tuple(_stale(spec, fates)) for spec in specs}
    return {example: names for example, names in found.items() if names}


def _stale(spec: Spec, fates: Mapping[tuple[str, str], Fate]) -> Iterator[str]:
    """Which explanations of a spec explain nothing, and why.

    No such mutant, or it is killed by now.
    """
    if not spec.accepted:
        return
    accepted = Accepted(spec)
    explained: dict[str, Mutant] = {}
    for mutant in mutants_of(spec):
        if control := accepted.of(mutant):
            explained[control.name] = mutant
    for control in spec.accepted:
        if control.name not in explained:
            reason = accepted.unfit.get(control.name, "no mutant comes to that text")
            yield f"{control.name}: {reason}"
            continue
        fate = fates.get((spec.id, explained[control.name].id), Fate.EXPLAINED)
        if fate is not Fate.EXPLAINED:
            yield f"{control.name}: it is {fate.value}"
