"""What a Python program says that no step of a run tells."""

from __future__ import annotations

import pytest

from harness.language.python_words import untold_words


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import threading, queue\nfrom collections.abc import Iterator\n", ()),
        ("import os.path\nfrom concurrent.futures import wait\n", ("import os",)),
        ("from weakref import ref\nimport gc as g\n", ("import gc", "import weakref")),
        ("from . import beside\nfrom .other import x\n", ("import .",)),
        ("class A:\n    def __del__(self): pass\n", ("__del__",)),
        ("print(id(vars()), eval('1'))\n", ("eval", "id", "vars")),
        ("def eval_all(idea): return idea.id\n", ()),
        ("def broken(:\n", ("a syntax that is not known here",)),
        ("import sys\nsys.monitoring.use_tool_id(3, 'mine')\n", ("monitoring",)),
        ("from threading import Thread, settrace\n", ("settrace",)),
    ],
)
def test_what_is_not_told_is_named(source: str, words: tuple[str, ...]) -> None:
    """Modules beyond those that are known, functions that reach anything, finalizers."""
    assert untold_words(source) == words
