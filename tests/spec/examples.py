"""Examples made for a test: a spec that is right, what is changed in it, and what is then said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from harness.language.spec import load_spec
from harness.values.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from harness.language.declarations import Spec

SPEC = """\
title   = "Wait for a worker"
summary = "Main waits for a worker."

[events]
worker = "worker: {i:d}"
main   = "main: {i:d}"

[always.worker-counts]
why    = "it counts to 3"
values = { of = "worker.i", are = "0..3" }

[always.worker-comes-first]
why   = "main waits for it"
order = { chain = ["worker", "main"] }
"""

BREAKS = """\
["join forgotten"]
breaks = ["worker-comes-first"]
python = { replace = "worker.join()", with = "pass" }
"""

FILES = {
    "main.py": "worker.start()\nworker.join()\nprint('main: 0')\n",
    "src/main.rs": "fn main() {\n    let x = 1;\n    let y = 1;\n}\n",
    "src/bin/mended.rs": "fn main() {}\n",
    "mended.py": "print('main: 0')\n",
    "Cargo.toml": '[package]\nname = "name"\nrust-version = "1.70"\n',
}

Edit = tuple[str, str]
"""A text that occurs once in the spec, and what stands there instead."""


def write_example(
    corpus: Path, text: str | bytes = SPEC, name: str = "topic/name", breaks: str = BREAKS
) -> Path:
    """Write an example with this spec into a corpus; gives its directory."""
    directory = corpus / name
    for path, content in FILES.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(content)
    data = text if isinstance(text, bytes) else text.encode()
    (directory / "example.toml").write_bytes(data)
    (directory / "breaks.toml").write_text(breaks, encoding="utf-8")
    return directory


def edited(edits: Iterable[Edit], text: str = SPEC) -> str:
    """The spec with some of its text replaced."""
    for old, new in edits:
        assert 1 == text.count(old), old
        text = text.replace(old, new)
    return text


def loaded(corpus: Path, *edits: Edit, text: str = SPEC) -> Spec:
    """The spec, with these changes."""
    return load_spec(write_example(corpus, edited(edits, text)))


def refusal(corpus: Path, *edits: Edit, text: str | bytes = SPEC) -> str:
    """What is said of the spec with these changes, without the directory."""
    if isinstance(text, str):
        text = edited(edits, text)
    return refusal_of(write_example(corpus, text))


def refusal_of(directory: Path) -> str:
    """What is said of the example in ``directory``, whose path is left out."""
    with pytest.raises(SpecError) as caught:
        load_spec(directory)
    return str(caught.value).replace(f"{directory}/", "")


def added(*lines: str) -> Edit:
    """The edit that puts ``lines`` behind the properties, from line 16 on."""
    return ORDER, "\n".join((ORDER, "", *lines))


def prop(name: str, *lines: str) -> Edit:
    """The edit that adds a property, whose header is on line 16 and whose ``lines`` begin on 18."""
    return added(f"[always.{name}]", 'why = "so it is"', *lines)


WORKER = 'worker = "worker: {i:d}"'
ORDER = 'order = { chain = ["worker", "main"] }'
VALUES = 'values = { of = "worker.i", are = "0..3" }'

MENDED = (
    "[events]",
    '[programs.mended]\nsummary = "It compiles."\nrust = "src/bin/mended.rs"\n\n[events]',
)
"""The edit that declares a second program of the Rust side."""

ON_MENDED_TOO = (
    "order = { chain",
    'programs = ["python", "rust:mended"]\norder = { chain',
)
"""The edit by which the second property is about that program, in Rust."""


def with_first(lines: str) -> Edit:
    """The edit that adds ``lines`` to the first property, from line 11 on."""
    return VALUES, f"{VALUES}\n{lines}"
