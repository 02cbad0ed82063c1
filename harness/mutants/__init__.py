"""Program mutants that nobody declared: made from the source, run, and told apart by the spec."""

from __future__ import annotations

from harness.mutants.making import make_mutants, mutants_of
from harness.mutants.mutant import Mutant
from harness.mutants.trials import Fate, MutationReport, Trial
from harness.mutants.trying import MutationOptions, try_mutants

__all__ = [
    "Fate",
    "Mutant",
    "MutationOptions",
    "MutationReport",
    "Trial",
    "make_mutants",
    "mutants_of",
    "try_mutants",
]
