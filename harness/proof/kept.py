"""What controls have shown, kept in the state directory beside the digest of what they broke."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from harness.language.declarations import Spec
from harness.machine.working_places import write_whole
from harness.proof.shown import Broken
from harness.reports.encoding import decode, encode

_FORMAT = 2


def save_broken(state: Path, spec: Spec, broken: Iterable[Broken]) -> None:
    """Keep what controls of ``spec`` have shown; what was kept of its other controls stays."""
    merged = {**load_broken(state, spec), **{each.control: each for each in broken}}
    data = {
        "format": _FORMAT,
        "digest": spec.full_digest,
        "controls": [encode(each) for each in merged.values()],
    }
    write_whole(_path(state, spec), json.dumps(data, ensure_ascii=False))


def load_broken(state: Path, spec: Spec) -> Mapping[str, Broken]:
    """What is kept of the controls of ``spec`` as it is now, by name; no earlier version counts."""
    try:
        data = json.loads(_path(state, spec).read_text(encoding="utf-8"))
        if data["format"] != _FORMAT or data["digest"] != spec.full_digest:
            return {}
        return {item["control"]: decode(Broken, item) for item in data["controls"]}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}  # only a cache: what cannot be read is made again


def _path(state: Path, spec: Spec) -> Path:
    return state / "broken" / f"{spec.topic}--{spec.name}.json"
