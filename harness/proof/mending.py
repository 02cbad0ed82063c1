"""An exercise on disk: a copy of an example in which its programs are broken, to be mended."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import toml

from harness.language.control_texts import edited
from harness.language.declarations import BREAKS_FILE
from harness.language.exercises import Exercise
from harness.language.sources import text_of
from harness.machine.cargo.manifests import movable_manifest

_LEFT_OUT = shutil.ignore_patterns(
    BREAKS_FILE, "text.toml", "ko.toml", "target", "__pycache__", "Cargo.lock"
)
_MANIFEST = "Cargo.toml"


def place_of(exercise: Exercise, root: Path) -> Path:
    """Where an exercise lies below ``root``, which is a corpus by that."""
    return root / exercise.spec.topic / exercise.spec.name


def write_exercise(exercise: Exercise, root: Path) -> Path:
    """Write the broken programs with their claims below ``root``, and nothing of the solution.

    The crate is a workspace of its own. What is there already is left alone: it is a reader's work.
    """
    place = place_of(exercise, root)
    if place.exists():
        return place
    original = exercise.spec.directory
    shutil.copytree(original, place, ignore=_LEFT_OUT)
    if (place / _MANIFEST).exists():
        manifest = {**movable_manifest(original), "workspace": {}}
        (place / _MANIFEST).write_text(toml.dumps(manifest), encoding="utf-8")
    read = partial(text_of, exercise.spec)
    for control in exercise.controls:
        program = exercise.spec.program(control.side, control.program)
        assert program is not None  # noqa: S101 - the loader has seen to it
        (place / program.path).write_text(
            edited(read(program.path), control.edits), encoding="utf-8"
        )
    return place
