"""Program mutants that nobody declared: made from the source, run, and told apart by the spec."""

from __future__ import annotations

from harness.proof.mutants.fates import Fate, MutationReport, TriedMutant
from harness.proof.mutants.making import make_mutants, mutants_of
from harness.proof.mutants.mutant import Mutant
from harness.proof.mutants.trying import try_mutants

__all__ = [
    "Fate",
    "Mutant",
    "MutationReport",
    "TriedMutant",
    "make_mutants",
    "mutants_of",
    "try_mutants",
]
