"""The reference page: what it shows as a spec is one."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from harness.authoring.reference import reference_page
from harness.language.properties.base import Family
from harness.language.properties.registry import FAMILIES
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


def block(start: str) -> str:
    """The one block of the page that begins so."""
    (found,) = (text for text in BLOCKS if text.startswith(start))
    return str(found)


def test_every_key_of_a_spec_is_taken(tmp_path: Path) -> None:
    """Those of the example at full length, of its further program, and of its events."""
    others = '[always.rest]\nwhy = "the rest"\nprograms = ["rust", "python:mended"]\n'
    rest = f'{others}count = {{ of = ["worker", "state", "warned"], at-least = 1 }}\n'
    text = f"{block('title       =')}\n{block('[programs.mended]')}\n{rest}"
    spec = load_spec(write_example(tmp_path, text, breaks=""))
    assert (("trio>=0.27",), "free", "gil", "fifo") == (
        spec.packages.wanted,
        spec.timing,
        spec.granularity,
        spec.task_order,
    )
    mended = [program for program in spec.programs if program.name == "mended"]
    assert {(("5",), "text", 10.0)} == {(p.args, p.stdin, p.timeout_seconds) for p in mended}
    assert {"linux"} == {program.when.os for program in mended if program.when}
    finishes = spec.properties[0]
    assert finishes.when is not None
    assert (">=1.80", ">=3.13") == (finishes.when.rust, finishes.when.python)
    assert ["warned"] == [event.name for event in spec.events if event.stream == "stderr"]


def test_outcomes_of_both_sides_are_compared(tmp_path: Path) -> None:
    """The one property names the other."""
    events = '[events]\ntotal = "total: {value:d}"\n'
    head = 'title = "Two updates"\nsummary = "One may be lost."\n'
    text = f"{head}{events}{block('[always.what-is-left')}"
    names = [prop.name for prop in load_spec(write_example(tmp_path, text, breaks="")).properties]
    assert ["what-is-left-of-two-updates", "both-languages-lose-one"] == names


def keys_in(value: object) -> set[str]:
    """All keys of a table, and of the tables in it."""
    if isinstance(value, dict):
        return set(value).union(*map(keys_in, value.values()))
    return set().union(*map(keys_in, value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_every_key_of_a_family_is_shown_in_use(family: Family) -> None:
    """In a block of the page: whoever meets it only in the table could not tell what it does."""
    tables = [
        rule[family.name]
        for text in BLOCKS
        for scope in ("always", "sometimes")
        for rule in tomllib.loads(text).get(scope, {}).values()
        if family.name in rule
    ]
    assert {key.name for key in family.keys} <= keys_in(tables)
