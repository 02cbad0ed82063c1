"""What was last concluded of each side of an example, kept beside the digest of what it is about.

A page that shows a pair asks here whether the pair, as it is now, was verified and passed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from harness.language.declarations import Spec
from harness.machine.working_places import write_whole
from harness.record import checks
from harness.values.program import Side
from harness.values.report import Outcome, Verdict

PLACE = "verdicts"
_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVerdict:
    """What was concluded of one side with one toolchain; ``said`` tells why, if it did not pass."""

    side: Side
    toolchain: str
    outcome: Outcome
    said: str = ""


def save_verdicts(state: Path, specs: Iterable[Spec], verdicts: Iterable[Verdict]) -> None:
    """Keep what was concluded; a side that was skipped keeps what is known of it.

    Raises OSError where nothing can be written.
    """
    by_example: dict[str, list[KeptVerdict]] = {}
    for verdict in verdicts:
        if verdict.outcome is not Outcome.SKIPPED:
            by_example.setdefault(verdict.example, []).append(_kept(verdict))
    for spec in specs:
        if found := by_example.get(spec.id):
            _write(state, spec, found)


def load_verdicts(state: Path, spec: Spec) -> tuple[KeptVerdict, ...]:
    """What was concluded of ``spec`` and its programs as they are now; nothing if they changed."""
    try:
        data = json.loads(verdicts_path(state, spec).read_text(encoding="utf-8"))
        if data["format"] != _FORMAT or data["digest"] != spec.digest:
            return ()
        return tuple(map(_read, data["verdicts"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ()  # what cannot be read was not concluded


def verdicts_path(state: Path, spec: Spec) -> Path:
    """The file that keeps them."""
    return state / PLACE / f"{spec.topic}--{spec.name}.json"


def _kept(verdict: Verdict) -> KeptVerdict:
    broken = (f"{f.property}: {f.violation.message}" for f in verdict.findings)
    said = next(broken, "") or str(verdict.reason)
    return KeptVerdict(
        side=verdict.side, toolchain=verdict.toolchain, outcome=verdict.outcome, said=said
    )


def _write(state: Path, spec: Spec, found: Iterable[KeptVerdict]) -> None:
    merged = {(each.side, each.toolchain): each for each in (*load_verdicts(state, spec), *found)}
    data = {
        "format": _FORMAT,
        "digest": spec.digest,
        "verdicts": [
            [each.side.value, each.toolchain, each.outcome.value, each.said]
            for each in merged.values()
        ],
    }
    write_whole(verdicts_path(state, spec), json.dumps(data, ensure_ascii=False))


def _read(row: object) -> KeptVerdict:
    if not isinstance(row, list):
        raise TypeError(f"no verdict: {str(row)[:60]}")
    side, toolchain, outcome, said = map(checks.text, row)
    return KeptVerdict(side=Side(side), toolchain=toolchain, outcome=Outcome(outcome), said=said)
