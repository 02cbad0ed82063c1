"""How many interleavings each spec allows, counted once and kept: counting can take a second."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from pathlib import Path

from harness.judging.claims import Claims
from harness.judging.freedom import AllowedCount, allowed_interleavings

ALLOWED_FILE = "allowed.json"
"""Where the counts of a state directory are kept."""


@dataclass(slots=True)
class AllowedCounts:
    """The counts that are kept in a file; ``save`` writes those that were new.

    What is counted depends on the spec and on the properties that apply, so
    that both sides mostly share one count.
    """

    path: Path
    _known: dict[str, AllowedCount] = field(default_factory=dict)
    _is_changed: bool = False

    def __post_init__(self) -> None:
        """Read what is kept; what cannot be read is counted again."""
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            self._known = {
                key: AllowedCount(**{**item, "uncovered": tuple(item["uncovered"])})
                for key, item in kept.items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self._known = {}

    def of(self, claims: Claims) -> AllowedCount:
        """How many interleavings ``claims`` allow."""
        names = ",".join(prop.name for prop in claims.properties)
        key = f"{claims.spec.digest}:{names}"
        if key not in self._known:
            self._known[key] = allowed_interleavings(claims)
            self._is_changed = True
        return self._known[key]

    def save(self) -> None:
        """Write the file, if there is anything new."""
        if self._is_changed:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            kept = {key: asdict(count) for key, count in self._known.items()}
            self.path.write_text(json.dumps(kept), encoding="utf-8")


def counts_about(text: str, digests: Collection[str]) -> str:
    """Of kept counts, as a text again, those that are about specs with one of the ``digests``."""
    kept = {key: v for key, v in json.loads(text).items() if key.partition(":")[0] in digests}
    return json.dumps(kept)
