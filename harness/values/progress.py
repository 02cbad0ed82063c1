"""How far something long has come: told by who does it, to whoever shows it."""

from __future__ import annotations


class Progress:
    """Told from any thread. This one shows nothing, and is what there is where nobody looks."""

    def stage(self, words: str) -> None:
        """Something has begun of which nobody knows how long it takes."""

    def begin(self, words: str, total: int) -> None:
        """``total`` steps are to come; ``words`` says of what, as in ``12 controls``."""

    def advance(self, words: str = "") -> None:
        """One of the steps is done; ``words`` says which."""


SILENT = Progress()
