"""What a Python program says that no step of a run tells."""

from __future__ import annotations

import pytest

from harness.language.python_words import inputs, untold_words


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
        ("import time\ntime.sleep(1)\nfrom time import sleep\n", ()),
        ("import time as t\nt.time()\n", ("time.time",)),
        (
            "import time\ntime.monotonic()\nfrom time import perf_counter as c\n",
            ("monotonic", "perf_counter"),
        ),
        ("from time import time\n", ("time.time",)),
        ("import threading\nthreading._os.getpid()\n", ("threading._os",)),
        ("import sys\nsys.modules['os'].getpid()\n", ("modules",)),
        ("from concurrent.futures.thread import os\n", ("concurrent.futures.thread.os",)),
        ("import threading\ngetattr(threading, '_o' + 's')\n", ("getattr",)),
        ("getattr(object(), 'x', None)\nfrom os import path\n", ("import os",)),
        ("f = [__builtins__]\n", ("__builtins__",)),
        ("for name in {'a', 'b'}: hash(name)\n", ("hash", "set")),
        ("print([n for n in {n for n in 'ab'}], {'a': 1}, {})\n", ("set",)),
        ("print(*frozenset('ab'))\n", ("frozenset",)),
    ],
)
def test_what_is_not_told_is_named(source: str, words: tuple[str, ...]) -> None:
    """Modules beyond those that are known, functions that reach anything, finalizers."""
    assert untold_words(source) == words


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("import threading\n", []),
        ("import time\ntime.sleep(1)\n", []),
        ("import time\ntime.monotonic()\n", ["clock"]),
        ("from datetime import datetime\n", ["clock"]),
        ("for name in {'a', 'b'}: hash(name)\n", ["hashes"]),
        ("import random\n", ["random"]),
        ("from os import urandom as u\n", ["random"]),
    ],
)
def test_what_all_controlled_runs_have_the_same_of_is_an_input(
    source: str, kinds: list[str]
) -> None:
    """No schedule decides it, so that a search of all schedules is not of all runs."""
    assert list(inputs(source)) == kinds
