"""The reference page: what it shows as a spec is one."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from harness.authoring.reference import reference_page
from harness.language.spec import load_spec
from tests.spec.examples import write_example

if TYPE_CHECKING:
    from pathlib import Path

BLOCKS = re.findall(r"```toml\n(.*?)```", reference_page(), re.DOTALL)


def test_every_block_is_toml() -> None:
    """Whatever a reader copies can at least be read."""
    for block in BLOCKS:
        assert tomllib.loads(block)


def test_the_tour_is_an_example(tmp_path: Path) -> None:
    """The events and what is always true of them, with the variant that breaks it."""
    head, always, _, breaks = BLOCKS[:4]
    directory = write_example(tmp_path, f"{head}\n{always}", breaks=breaks)
    spec = load_spec(directory)
    assert ["worker-finishes", "join-comes-first"] == [prop.name for prop in spec.properties]
    assert ["join forgotten"] == [control.name for control in spec.controls]
