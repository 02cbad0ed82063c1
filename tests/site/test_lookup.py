"""Names are found by what the sources import, make and call."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.site.lookup_python import names_in_python
from harness.site.lookup_rust import names_in_rust
from harness.site.views.lookup import module_of, slug

LOOP = """
import threading as t
ts = [t.Thread()]
for x in ts:
    x.start()
"""
POOL = """
from concurrent.futures import ThreadPoolExecutor as P
with P() as p:
    p.submit(f)
"""
FUTURE = """
from concurrent.futures import ProcessPoolExecutor
with ProcessPoolExecutor() as pool:
    job = pool.submit(f)
print(job.result())
"""
FUTURES = """
from concurrent.futures import ThreadPoolExecutor
pool = ThreadPoolExecutor()
jobs = [pool.submit(f) for _ in range(3)]
for job in jobs:
    job.cancel()
"""
ATTRIBUTE = """
import threading
class A:
    def __init__(self):
        self.c = threading.Condition()
    def f(self):
        self.c.notify_all()
"""


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import threading\nlock = threading.Lock()", "threading.Lock"),
        ("from threading import Thread as T\nT(target=print)", "threading.Thread"),
        ("import threading\nt = threading.Thread()\nt.join()", "threading.Thread.join"),
        ("import queue\ndef f(q: queue.Queue) -> None:\n    q.put(1)", "queue.Queue.put"),
        (LOOP, "threading.Thread.start"),
        (POOL, "concurrent.futures.ThreadPoolExecutor.submit"),
        (FUTURE, "concurrent.futures.Future.result"),
        (FUTURES, "concurrent.futures.Future.cancel"),
        ("import threading\nthreading.Thread().start()", "threading.Thread.start"),
        (ATTRIBUTE, "threading.Condition.notify_all"),
    ],
)
def test_python_names_are_followed(source: str, name: str) -> None:
    """Through imports, assignments, annotations, with-blocks, loops, attributes and futures."""
    assert name in names_in_python(source)


@pytest.mark.parametrize(
    "source",
    [
        "import threading",
        "lock = Lock()",
        "from typing import Any\nx: Any = 1",
        "text = 'threading.Lock()'",
    ],
)
def test_what_python_does_not_use_is_not_found(source: str) -> None:
    """An import alone, a name of the program's own, a type hint and a text are no use."""
    assert names_in_python(source) == frozenset()


def test_what_a_loaded_library_holds_is_no_name_of_pythons() -> None:
    """Only the class that loads it is."""
    source = "import ctypes\nx = ctypes.CDLL('x.so')\nf = x.f\nx.g(1)\nctypes.PyDLL('y').h()"
    assert names_in_python(source) == {"ctypes.CDLL", "ctypes.PyDLL"}


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("use std::thread;\nfn main() { thread::spawn(f); }", "std::thread::spawn"),
        ("use std::sync::{Arc, Mutex};\nfn main() { Mutex::new(0); }", "std::sync::Mutex"),
        (
            "use std::thread::{self, JoinHandle};\nfn f(h: JoinHandle<u32>) {}",
            "std::thread::JoinHandle",
        ),
        ("use std::sync::mpsc as m;\nfn main() { m::channel(); }", "std::sync::mpsc::channel"),
        ("fn main() { std::process::exit(1); }", "std::process::exit"),
        ("fn main() { handle.join().unwrap(); }", ".join()"),
    ],
)
def test_rust_names_are_followed(source: str, name: str) -> None:
    """Through use trees, renamings and full paths; methods by their names."""
    assert name in names_in_rust(source)


@pytest.mark.parametrize(
    "source",
    [
        "use std::thread;",
        "// std::process::exit",
        '"std::process::exit(.join())"',
        "fn main() { x.unwrap(); }",
    ],
)
def test_what_rust_does_not_use_is_not_found(source: str) -> None:
    """An import alone, comments, texts and methods that are not about threads."""
    assert names_in_rust(source) == frozenset()


@pytest.mark.parametrize(
    ("name", "module", "anchor"),
    [
        ("threading.Thread.join", "threading", "threading-Thread-join"),
        ("std::sync::mpsc::channel", "std::sync::mpsc", "std-sync-mpsc-channel"),
        (".wait_while()", "", "wait_while"),
    ],
)
def test_a_name_has_its_module_and_its_anchor(name: str, module: str, anchor: str) -> None:
    """The table is grouped by modules, and an address leads to each name."""
    assert (module_of(name), slug(name)) == (module, anchor)


def test_a_class_whose_method_is_named_is_not_named_too(whole_site: Path) -> None:
    """What a pair uses there is told without what goes without saying."""
    text = (whole_site / "from-rust.html").read_text(encoding="utf-8")
    there = [re.findall(r"<code>(.*?)</code>", part) for part in text.split('class="there"')[1:]]
    told = [name for names in there for name in names if f"{name}.".startswith("threading.Thread.")]
    assert "threading.Thread.join" in told
    assert "threading.Thread" not in told
