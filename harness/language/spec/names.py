"""Names that a spec gives, of events, programs and properties."""

from __future__ import annotations

import re

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
MAX_LENGTH = 60


def is_name(text: str) -> bool:
    """Whether ``text`` is written ``join-comes-first``."""
    return len(text) <= MAX_LENGTH and _NAME.fullmatch(text) is not None
