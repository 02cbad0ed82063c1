"""Counts of runs in words: those that were steered are never told as if they were natural."""

from __future__ import annotations

from harness.values.messages import Message, say


def steered_among(runs: int, plain: int | None) -> int:
    """How many of the runs somebody steered; none, where it is not known how many nobody did."""
    return 0 if plain is None else runs - plain


def runs_in_words(runs: int, plain: int | None) -> Message:
    """``20 runs``; where some were steered, how many: ``20 plain and 40 steered runs``.

    ``plain`` are those among them that nobody steered; ``None``: not known.
    """
    steered = steered_among(runs, plain)
    if not steered:
        return say("counts.run" if runs == 1 else "counts.runs", n=runs)
    if plain:
        said = "counts.plain-and-steered-run" if steered == 1 else "counts.plain-and-steered-runs"
        return say(said, n=plain, steered=steered)
    return say("counts.steered-run" if steered == 1 else "counts.steered-runs", steered=steered)
