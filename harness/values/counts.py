"""Counts of runs in words: those that were steered are never told as if they were natural."""

from __future__ import annotations


def runs_in_words(runs: int, plain: int | None) -> str:
    """``20 runs``; where some were steered, how many: ``20 plain and 40 steered runs``.

    ``plain`` are those among them that nobody steered; ``None``: not known.
    """
    noun = "run" if runs == 1 else "runs"
    if plain is None or plain == runs:
        return f"{runs:,} {noun}"
    steered = f"{runs - plain:,} steered {noun}"
    return f"{plain:,} plain and {steered}" if plain else steered
