"""Which mutants are shown to be equivalent: by a rule that looks at the source, never at a run.

Each rule is sound, and far from complete: where it is not sure, it says
nothing, and the mutant counts. Why each is sound stands with it. A mutant is
only asked about when no run has told it from the original, so that a kill
always has the last word. Mutants of programs that the compiler refuses are
not asked about: they never run, and are judged by what it says of them.
"""

from __future__ import annotations

from typing import Literal

from harness.proof.mutants.mutant import Mutant, Operator
from harness.proof.mutants.python_equivalence import UNWATCHED, why_python_is_equal
from harness.proof.mutants.rust_equivalence import why_rust_is_equal
from harness.values.program import Side


def why_equivalent(
    mutant: Mutant, timing: Literal["free", "strict"] = "free", *, is_timed: bool = False
) -> str:
    """Why no run can tell ``mutant`` from its original; empty if no rule shows it.

    ``timing`` is what its spec says of pauses: whether they are its point.
    ``is_timed``: some property of it measures how long, or on how many cores.
    """
    if timing == "strict" and mutant.operator == Operator.SWAP_STATEMENTS.value:
        return ""
    at = _first_difference(mutant.original, mutant.source)
    why = why_python_is_equal if mutant.side is Side.PYTHON else why_rust_is_equal
    reason = why(mutant.operator, mutant.original, mutant.source, at)
    return "" if is_timed and reason == UNWATCHED else reason


def _first_difference(one: str, other: str) -> int:
    """Where two texts part; at the end of the shorter, if that is the beginning of the other."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
