"""Sources are parsed in one thread after another, also where CPython 3.11 would spoil the tree."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator

import pytest

from harness.language.python_syntax import parsed

SOURCE = "\n".join(f"a{number} = f([b, (c, {{d: e}})])" for number in range(50))


@pytest.fixture
def often() -> Iterator[None]:
    """The collector runs in the midst of each tree."""
    before = gc.get_threshold()
    gc.set_threshold(20)
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("often")
def test_a_tree_is_made_though_another_is_begun_in_the_midst_of_it() -> None:
    """As another thread does to which the collector lets the first one's turn go."""
    nested = 0

    def begin_another(_phase: str, _info: dict[str, int]) -> None:
        nonlocal nested
        if nested < 3:
            nested += 1
            gc.callbacks.remove(begin_another)
            _deeper(20)
            if nested < 3:
                gc.callbacks.append(begin_another)

    gc.callbacks.append(begin_another)
    tree = parsed(SOURCE)
    assert (3, 50) == (nested, len(tree.body))


def _deeper(depth: int) -> None:
    """Parse from further up the stack than whoever was interrupted."""
    if depth:
        _deeper(depth - 1)
    else:
        ast.parse("1")


@pytest.mark.parametrize("source", ["a =", "a = '\\ud800'\0"])
def test_what_is_no_python_is_told_as_such(source: str) -> None:
    """Nobody tries that again."""
    with pytest.raises((SyntaxError, ValueError)):
        parsed(source)


def test_an_expression_is_parsed_too() -> None:
    """With the mode that ``ast.parse`` has for it."""
    assert isinstance(parsed("a + 1", "eval").body, ast.BinOp)
