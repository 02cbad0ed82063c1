"""Orders that contradict each other, whatever they are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.spec.examples import Edit, prop, refusal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        pytest.param(
            [prop("other-way", 'order = { chain = ["main", "worker"] }')],
            (
                "example.toml:18: always.other-way.order: no run can keep the orders of "
                '"worker-comes-first", "other-way": main before worker before main'
            ),
            id="two orders",
        ),
        pytest.param(
            [
                (
                    'main   = "main: {i:d}"',
                    (
                        'main   = "main: {i:d}"\n'
                        'enter = "{who:w} enters {round:d}"\n'
                        'leave = "{who:w} leaves {round:d}"'
                    ),
                ),
                prop(
                    "enter-after-main",
                    'order = { chain = ["main", "enter"] }',
                    "[always.enter-before-worker]",
                    'why = "so it is"',
                    'order = { chain = ["enter", "leave", "worker"] }',
                ),
            ],
            (
                "example.toml:23: always.enter-before-worker.order: no run can keep the "
                'orders of "worker-comes-first", "enter-after-main", '
                '"enter-before-worker": main before enter before leave before worker '
                "before main"
            ),
            id="three orders",
        ),
        pytest.param(
            [prop("last-of-all", 'order = { chain = ["main", "worker[i=3]"] }')],
            (
                "example.toml:18: always.last-of-all.order: no run can keep the orders of "
                '"worker-comes-first", "last-of-all": main before worker[i=3] before main'
            ),
            id="an order of some lines against one of all",
        ),
        pytest.param(
            [
                (
                    'main   = "main: {i:d}"',
                    (
                        'main   = "main: {i:d}"\n'
                        'enter = "{who:w} enters {round:d}"\n'
                        'leave = "{who:w} leaves {round:d}"'
                    ),
                ),
                prop(
                    "a",
                    'order = { chain = ["enter[who=a]", "leave[round=1]"] }',
                    "[always.b]",
                    'why = "so it is"',
                    'order = { chain = ["leave", "enter"] }',
                ),
            ],
            (
                'example.toml:23: always.b.order: no run can keep the orders of "a", "b": '
                "enter[who=a] before leave[round=1] before enter[who=a]"
            ),
            id="some lines against some lines",
        ),
        pytest.param(
            [
                (
                    'main   = "main: {i:d}"',
                    (
                        'main   = "main: {i:d}"\n'
                        'enter = "{who:w} enters {round:d}"\n'
                        'leave = "{who:w} leaves {round:d}"'
                    ),
                ),
                prop(
                    "a",
                    'order = { chain = ["enter", "leave"], same = "who" }',
                    "[always.b]",
                    'why = "so it is"',
                    'order = { chain = ["leave", "enter"] }',
                ),
            ],
            (
                'example.toml:23: always.b.order: no run can keep the orders of "a", "b": '
                "leave before enter before leave"
            ),
            id="an order for each key against one of all",
        ),
        pytest.param(
            [
                (
                    'main   = "main: {i:d}"',
                    (
                        'main   = "main: {i:d}"\n'
                        'enter = "{who:w} enters {round:d}"\n'
                        'leave = "{who:w} leaves {round:d}"'
                    ),
                ),
                prop(
                    "a",
                    'order = { chain = ["enter", "leave"], same = "who" }',
                    "[always.b]",
                    'why = "so it is"',
                    'order = { chain = ["leave[who=x]", "enter[who=x]"] }',
                ),
            ],
            (
                'example.toml:23: always.b.order: no run can keep the orders of "a", "b": '
                "leave[who=x] before enter[who=x] before leave[who=x]"
            ),
            id="an order for each key against one of some lines",
        ),
        pytest.param(
            [
                (
                    'main   = "main: {i:d}"',
                    (
                        'main   = "main: {i:d}"\n'
                        'enter = "{who:w} enters {round:d}"\n'
                        'leave = "{who:w} leaves {round:d}"'
                    ),
                ),
                prop(
                    "a",
                    'order.chain = [["enter", "worker"], ["leave"]]',
                    "[always.b]",
                    'why = "so it is"',
                    'order.chain = [["leave"], ["main", "worker"]]',
                ),
            ],
            (
                'example.toml:23: always.b.order: no run can keep the orders of "a", "b": '
                "worker before leave before worker"
            ),
            id="an order of groups",
        ),
        pytest.param(
            [
                (
                    'main   = "main: {i:d}"',
                    (
                        'main   = "main: {i:d}"\n'
                        'enter = "{who:w} enters {round:d}"\n'
                        'leave = "{who:w} leaves {round:d}"'
                    ),
                ),
                prop(
                    "a",
                    'order = { chain = ["enter", "leave"], first = true }',
                    "[always.b]",
                    'why = "so it is"',
                    'order = { chain = ["leave", "enter"] }',
                ),
            ],
            (
                'example.toml:23: always.b.order: no run can keep the orders of "a", "b": '
                "leave before enter before leave"
            ),
            id="an order of the first lines",
        ),
        pytest.param(
            [
                (
                    'main   = "main: {i:d}"',
                    (
                        'main   = "main: {i:d}"\n'
                        'enter = "{who:w} enters {round:d}"\n'
                        'leave = "{who:w} leaves {round:d}"'
                    ),
                ),
                prop(
                    "a",
                    'order = { chain = ["enter", "leave"] }\nwhen = { gil = true }',
                    "[always.b]",
                    'why = "so it is"',
                    'order = { chain = ["leave", "enter"] }',
                ),
            ],
            (
                'example.toml:24: always.b.order: no run can keep the orders of "a", "b": '
                "leave before enter before leave"
            ),
            id="under one condition of several",
        ),
    ],
)
def test_orders_that_contradict_each_other_are_refused(
    tmp_path: Path, edits: list[Edit], message: str
) -> None:
    """The message names the properties, and shows the cycle."""
    assert message == refusal(tmp_path, *edits)
