"""Orders that look alike to a contradiction, and are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.spec.examples import Edit, added, loaded

if TYPE_CHECKING:
    from pathlib import Path

EVENTS: Edit = (
    'main   = "main: {i:d}"',
    'main   = "main: {i:d}"\nenter = "{who:w}+{round:d}"\nleave = "{who:w}-{round:d}"',
)


@pytest.mark.parametrize(("one", "other"), [
    pytest.param('order = { chain = ["enter", "leave"], same = "round" }',
                 'order = { chain = ["leave[round=0]", "enter[round=1]"] }', id="rounds"),
    pytest.param('order = { chain = ["enter[who=a]", "leave[who=a]"] }',
                 'order = { chain = ["leave[who=b]", "enter[who=b]"] }', id="other lines"),
    pytest.param('order = { chain = ["enter[who=a]", "leave"] }',
                 'order = { chain = ["leave", "enter[round=2]"] }', id="lines that need not be"),
    pytest.param('order = { chain = ["enter", "leave"] }\nwhen = { gil = true }',
                 'order = { chain = ["leave", "enter"] }\nwhen = { gil = false }', id="conditions"),
    pytest.param('order = { chain = ["enter", "leave"] }\nprograms = "python"',
                 'order = { chain = ["leave", "enter"] }\nprograms = "rust"', id="sides"),
])  # fmt: skip
def test_orders_of_what_never_meets_are_taken(tmp_path: Path, one: str, other: str) -> None:
    """Other keys, other lines, other conditions, other sides."""
    lines = ["[always.one]", 'why = "x"', one, "[always.other]", 'why = "x"', other]
    assert 4 == len(loaded(tmp_path, EVENTS, added(*lines)).properties)


def test_an_order_of_some_run_contradicts_none_of_every_run(tmp_path: Path) -> None:
    """The run that shows it is not the one that is meant by the other."""
    lines = ("[sometimes.one]", 'why = "x"', 'order = { chain = ["main", "worker"] }')
    assert 3 == len(loaded(tmp_path, added(*lines)).properties)
