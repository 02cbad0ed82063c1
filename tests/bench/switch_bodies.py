"""Where does this interpreter switch threads? A script that each interpreter runs for itself.

A body is put between a read and a write of one variable. If a thread can be switched within it,
updates get lost when several threads do it. ``switch_bodies.py real SECONDS [NAME…]`` tries for so
long, as hard as it can; ``switch_bodies.py once CALLS [NAME…]`` does it a few times: that shows
something under a controlled schedule. Both print JSON: of each body, for each temperature,
how many of how many updates were lost.

cold  every call is the first of its code: nothing is specialised
warm  the code was called often before the first thread was started
"""

from __future__ import annotations

import json
import marshal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any, NamedTuple

THREADS = 4
WARM = 100
ROUND_CALLS = (20, 200, 2000)
"""So many calls a thread in the first rounds, and in all that follow."""

Counts = tuple[int, int]
"""Updates lost, updates made."""


class Body(NamedTuple):
    """What is done between the read and the write.

    ``setup`` is executed once. A text with ``{read}`` is a whole function's body in which something
    else does the read; any other is put after the read.
    """

    text: str
    setup: str = ""
    floor: tuple[int, int] = (3, 9)


_OBJECT = """
class Thing:
    kept = 0
    __slots__ = ("value", "__dict__")
    def __init__(self): self.value = 1
    def method(self): return 1
    @property
    def shown(self): return 1
    @staticmethod
    def static(): return 1
    @classmethod
    def of_class(cls): return 1
    def __getattr__(self, name): return 1
    def __getitem__(self, key): return 1
    def __setitem__(self, key, value): pass
    def __delitem__(self, key): pass
    def __contains__(self, key): return True
    def __add__(self, other): return 1
    def __iadd__(self, other): return self
    def __eq__(self, other): return True
    def __lt__(self, other): return True
    def __neg__(self): return 1
    def __hash__(self): return 1
    def __len__(self): return 1
    def __bool__(self): return True
    def __format__(self, how): return ""
    def __str__(self): return ""
    def __call__(self): return 1
    def __index__(self): return 0
    def __enter__(self): return self
    def __exit__(self, *exception): return True
    def __iter__(self): return iter(())
thing = Thing()
bound = thing.method
class Plain:
    pass
class Small:
    def __init__(self): pass
class Dying:
    def __del__(self): pass
class Base:
    def method(self): return 1
class Derived(Base):
    def method(self): return super().method()
derived = Derived()
"""
_FUNCTIONS = """
from functools import partial
def function(*given, **named): return 1
def plain(): return 1
def generator():
    yield 1
def endless():
    while True: yield 1
import threading
partly = partial(plain)
async def coroutine(): return 1
class Awaitable:
    def __await__(self): return iter(())
def delegating(inner): yield from inner
"""
_SOURCES = """
import csv, hashlib, io, json, math, mmap, os, re, socket, sqlite3, struct, threading, time, zlib
number, text, items, table, pair = 7, "abc", [1, 2, 3], {"a": 1}, (1, 2)
much = b"x" * 5000
lock, pattern = threading.Lock(), re.compile("b+")
null = open("/dev/null")
out = open("/dev/null", "w")
place = os.path.dirname(os.__file__)
"""

BODIES: dict[str, Body] = {
    # ---- nothing is called ----------------------------------------------------------------------
    "nothing": Body("pass"),
    "arithmetic": Body("number + 1 - 2 * 3", _SOURCES),
    "store an item": Body("table['b'] = items[0]", _SOURCES),
    "a list display": Body("[number, text]", _SOURCES),
    "a dict display": Body("{'a': number, **table}", _SOURCES),
    "an f-string": Body("f'{number} {text!r:>5}'", _SOURCES),
    "unpack": Body("a, (b, *c) = number, items", _SOURCES),
    "a slice": Body("items[1:2]", _SOURCES),
    "compare": Body("number < 8 <= 9", _SOURCES),
    "in a list": Body("2 in items", _SOURCES),
    "a name by walrus": Body("(found := number)", _SOURCES),
    "assert": Body("assert number", _SOURCES),
    "a lambda": Body("lambda: n"),
    "a nested function": Body("def inner(): return seen"),
    "an attribute": Body("thing.value += 1", _OBJECT),
    "delete an attribute": Body("thing.gone = 1\ndel thing.gone", _OBJECT),
    "if, not taken": Body("if not number: a = 1", _SOURCES),
    "if, taken": Body("if number: a = 1", _SOURCES),
    "if-else": Body("a = 1 if number > 8 else 2", _SOURCES),
    "and, or": Body("a = number and text or items", _SOURCES),
    "is None": Body("if number is not None: a = 1", _SOURCES),
    "match": Body("match number:\n    case 1: a = 1\n    case [b]: a = 2\n    case _: a = 3",
                  _SOURCES, (3, 10)),
    "try": Body("try: a = 1\nfinally: a = 2"),
    "try, nothing raised": Body("try: a = 1\nexcept ValueError: a = 2"),
    "raise and catch": Body("try: raise ValueError\nexcept ValueError: a = 2"),
    "raise and catch, an index": Body("try: items[9]\nexcept IndexError: a = 2", _SOURCES),
    "break of a loop": Body("for a in items:\n    break", _SOURCES),
    "del": Body("a = [1]\ndel a"),
    "drop a plain object": Body("a = [{}, ()]\na = None"),
    # ---- loops ----------------------------------------------------------------------------------
    "for": Body("for a in items: pass", _SOURCES),
    "for over nothing": Body("for a in (): pass"),
    "while": Body("a = 1\nwhile a: a -= 1"),
    "while, several turns": Body("a = 3\nwhile a: a -= 1"),
    "continue": Body("for a in items:\n    if a: continue\n    b = 1", _SOURCES),
    "a list comprehension": Body("[a for a in items]", _SOURCES),
    "a list comprehension of none": Body("[a for a in ()]"),
    "a set comprehension": Body("{a for a in items}", _SOURCES),
    "a dict comprehension": Body("{a: a for a in items}", _SOURCES),
    "a generator expression made": Body("(a for a in items)", _SOURCES),
    "for over a generator": Body("for a in generator(): pass", _FUNCTIONS),
    "unpack a generator": Body("a, = generator()", _FUNCTIONS),
    "yield from": Body("for a in delegating(items): pass", _FUNCTIONS + _SOURCES),
    # ---- calls of Python functions --------------------------------------------------------------
    "a function": Body("plain()", _FUNCTIONS),
    "a function with star": Body("function(*(1, 2), **{'a': 1})", _FUNCTIONS),
    "a function with keywords": Body("function(1, a=2)", _FUNCTIONS),
    "a lambda called": Body("(lambda: 1)()"),
    "a partial function": Body("partly()", _FUNCTIONS),
    "a method": Body("thing.method()", _OBJECT),
    "a bound method": Body("bound()", _OBJECT),
    "a static method": Body("thing.static()", _OBJECT),
    "a class method": Body("thing.of_class()", _OBJECT),
    "super()": Body("derived.method()", _OBJECT),
    "an instance of a plain class": Body("Plain()", _OBJECT),
    "an instance with __init__": Body("Small()", _OBJECT),
    "__call__": Body("thing()", _OBJECT),
    "a property": Body("thing.shown", _OBJECT),
    "__getattr__": Body("thing.nowhere", _OBJECT),
    "__getitem__": Body("thing[1]", _OBJECT),
    "__setitem__": Body("thing[1] = 2", _OBJECT),
    "__delitem__": Body("del thing[1]", _OBJECT),
    "__contains__": Body("1 in thing", _OBJECT),
    "__add__": Body("thing + 1", _OBJECT),
    "__iadd__": Body("a = thing\na += 1", _OBJECT),
    "__neg__": Body("-thing", _OBJECT),
    "__lt__": Body("thing < 1", _OBJECT),
    "__hash__": Body("{thing: 1}", _OBJECT),
    "__bool__": Body("if thing: a = 1", _OBJECT),
    "__format__": Body("f'{thing}'", _OBJECT),
    "__iter__": Body("for a in thing: pass", _OBJECT),
    "__del__": Body("a = Dying()\na = None", _OBJECT),
    "__index__": Body("items[thing]", _OBJECT + _SOURCES),
    "with, in Python": Body("with thing: a = 1", _OBJECT),
    "with, in Python, raising": Body("with thing: raise ValueError", _OBJECT),
    "a class, by keyword": Body("Given(a=1)", "class Given:\n    def __init__(self, a): pass"),
    "a class, its last by keyword, that reads": Body(
        "{read}n = Reader(a=1).value + 1",
        "class Reader:\n    def __init__(self, a): self.value = LATE",
    ),
    "a property that tries": Body(
        "tries.shown",
        "class Tries:\n    @property\n    def shown(self):\n"
        "        try: return 1\n        except ValueError: return 2\ntries = Tries()",
    ),
    "a class statement": Body("class Made: a = 1"),
    "a decorator": Body("@function\ndef inner(): pass", _FUNCTIONS),
    "await": Body("async def waits():\n    await coroutine()\ntry: waits().send(None)\n"
                  "except StopIteration: pass", _FUNCTIONS),
    # ---- who reads is called: the way back matters ----------------------------------------------
    "a function that reads": Body("{read}n = read() + 1", "def read(): return LATE"),
    "a function that reads, by star": Body("{read}n = read(*()) + 1", "def read(): return LATE"),
    "a method that reads": Body("{read}n = reader.read() + 1",
        "class Reader:\n    def read(self): return LATE\nreader = Reader()"),
    "a method that reads, by star": Body("{read}n = reader.read(*()) + 1",
        "class Reader:\n    def read(self): return LATE\nreader = Reader()"),
    "a method that reads, by keyword": Body("{read}n = reader.read(a=1) + 1",
        "class Reader:\n    def read(self, a): return LATE\nreader = Reader()"),
    "a partial function that reads": Body("{read}n = reader() + 1",
        "from functools import partial\ndef read(): return LATE\nreader = partial(read)"),
    "an __init__ that reads": Body("{read}n = Reader().value + 1",
        "class Reader:\n    def __init__(self): self.value = LATE"),
    "a __new__ that reads": Body("{read}n = Reader() + 1",
        "class Reader:\n    def __new__(cls): return LATE"),
    "a __call__ that reads": Body("{read}n = reader() + 1",
        "class Reader:\n    def __call__(self): return LATE\nreader = Reader()"),
    "a property that reads": Body("{read}n = reader.value + 1",
        "class Reader:\n    value = property(lambda self: LATE)\nreader = Reader()"),
    "a __getattr__ that reads": Body("{read}n = reader.value + 1",
        "class Reader:\n    def __getattr__(self, name): return LATE\nreader = Reader()"),
    "a __getattribute__ that reads": Body("{read}n = reader.value + 1",
        "class Reader:\n    def __getattribute__(self, name): return LATE\nreader = Reader()"),
    "a __getitem__ that reads": Body("{read}n = reader[0] + 1",
        "class Reader:\n    def __getitem__(self, at): return LATE\nreader = Reader()"),
    "an __add__ that reads": Body("{read}n = reader + 1",
        "class Reader:\n    def __add__(self, other): return LATE + other\nreader = Reader()"),
    "a key that reads": Body("{read}a = [1]\na.sort(key=read)\nn = each.last + 1",
        "import threading\neach = threading.local()\ndef read(item): each.last = LATE"),
    "an __index__ that reads": Body("{read}n = range(10 ** 9)[reader] + 1",
        "class Reader:\n    def __index__(self): return LATE\nreader = Reader()"),
    "a __len__ that reads": Body("{read}n = len(reader) + 1",
        "class Reader:\n    def __len__(self): return LATE\nreader = Reader()"),
    "a generator that reads": Body("{read}\nfor a in reading(): n = a + 1",
        "def reading():\n    yield LATE"),
    "next of a reader": Body("{read}n = next(reader) + 1",
        "class Reader:\n    def __next__(self): return LATE\nreader = Reader()"),
    "next of a generator that reads": Body("{read}a = reading()\nn = next(a) + 1",
        "def reading():\n    yield LATE"),
    "yield from a reader": Body("{read}\nfor a in outer(): n = a + 1",
        "def inner():\n    yield LATE\ndef outer(): yield from inner()"),
    "the value of yield from": Body("{read}\nfor a in outer(): pass",
        "def inner():\n    yield 1\n    return LATE\n"
        "def outer():\n    global n\n    n = (yield from inner()) + 1"),
    "back from yield from": Body("{read}\nfor a in outer(): seen = (n, pad * pad)[0]",
        "def inner():\n    global n\n    yield 1\n"
        "def outer():\n    yield from inner()", (9, 9)),
    "resume a yield from": Body(
        "{prepare}b = delegating(items)\nnext(b){read}for a in b: break\nn = seen + 1",
        _FUNCTIONS + _SOURCES),
    "resume a generator": Body(
        "{prepare}b = endless()\nnext(b){read}for a in b: break\nn = seen + 1", _FUNCTIONS),
    "await of a reader": Body(
        "{read}\nasync def adds():\n    global n\n    n = await read() + 1\n"
        "try: adds().send(None)\nexcept StopIteration: pass", "async def read(): return LATE"),
    "a with whose __enter__ reads": Body("{read}\nwith reader as a: n = a + 1",
        "class Reader:\n    def __enter__(self): return LATE\n"
        "    def __exit__(self, *exception): pass\nreader = Reader()"),
    "a with whose __exit__ reads": Body("{read}\nwith reader as a: pass\nn = a.value + 1",
        "import threading\nclass Reader(threading.local):\n"
        "    def __enter__(self): return self\n"
        "    def __exit__(self, *exception): self.value = LATE\nreader = Reader()"),
    "a class body that reads": Body("{read}\nclass Made: value = LATE\nn = Made.value + 1"),
    "a comprehension that reads": Body("{read}n = [LATE for a in (1,)][0] + 1"),
    "a decorator that reads": Body("{read}\n@read\ndef a(): pass\nn = a + 1",
        "def read(function): return LATE"),
    # ---- calls of C functions -------------------------------------------------------------------
    "len": Body("len(text)", _SOURCES),
    "isinstance": Body("isinstance(number, int)", _SOURCES),
    "list.append": Body("a = []\na.append(1)"),
    "list.append, its value used": Body("a = []\nb = a.append(1)"),
    "type": Body("type(number)", _SOURCES),
    "str": Body("str(number)", _SOURCES),
    "tuple": Body("tuple(items)", _SOURCES),
    "int": Body("int('7')"),
    "dict()": Body("dict(a=1)"),
    "abs": Body("abs(number)", _SOURCES),
    "max": Body("max(number, 1)", _SOURCES),
    "print to nowhere": Body("print(1, file=out)", _SOURCES),
    "range": Body("range(3)"),
    "dict.get": Body("table.get('a')", _SOURCES),
    "str.join": Body("' '.join(('a', 'b'))"),
    "str.upper": Body("text.upper()", _SOURCES),
    "list.pop": Body("a = [1]\na.pop()"),
    "set.add": Body("a = set()\na.add(1)"),
    "len by keyword-star": Body("len(*(text,))", _SOURCES),
    "sorted by a lambda": Body("sorted(items, key=lambda a: a)", _SOURCES),
    "map of a lambda": Body("list(map(lambda a: a, items))", _SOURCES),
    "a property in C": Body("null.closed", _SOURCES),
    "math": Body("math.sqrt(2)", _SOURCES),
    "re": Body("pattern.match('bb')", _SOURCES),
    "json": Body("json.dumps(items)", _SOURCES),
    "struct": Body("struct.pack('i', 1)", _SOURCES),
    "id of a lock": Body("lock.locked()", _SOURCES),
    "import, at hand": Body("import math"),
    "import from, at hand": Body("from json import dumps", "import json"),
    "import of a part, at hand": Body("import os.path"),
    "with a private lock": Body("with threading.Lock(): a = 1", _FUNCTIONS),
    # ---- C code that lets go of the GIL ---------------------------------------------------------
    "time.sleep(0)": Body("time.sleep(0)", _SOURCES),
    "os.stat": Body("os.stat('/')", _SOURCES),
    "read a file": Body("null.read()", _SOURCES),
    "hash much": Body("hashlib.sha256(much)", _SOURCES),
    "compress": Body("zlib.compress(much, 1)", _SOURCES),
    "with open": Body("with open('/dev/null'): a = 1"),
    "drop an open file": Body("{prepare}a = open('/dev/null'){read}a = None\nn = seen + 1"),
    "drop an open raw file": Body("{prepare}a = open('/dev/null', 'rb', 0){read}a = None\n"
                                  "n = seen + 1"),
    "del of an open file": Body("{prepare}a = open('/dev/null'){read}del a\nn = seen + 1"),
    "drop a list of files": Body("{prepare}a = [open('/dev/null')]{read}a[:] = ()\nn = seen + 1"),
    "return from a frame with a file": Body(
        "{prepare}holder = [open('/dev/null')]{read}drops(holder)\nn = seen + 1",
        "def drops(holder):\n    a = holder\n    holder[0] = None"),
    "drop a socket": Body("{prepare}a = socket.socket(){read}a = None\nn = seen + 1", _SOURCES),
    "drop a database": Body("{prepare}a = sqlite3.connect(':memory:'){read}a = None\nn = seen + 1",
                            _SOURCES),
    "drop a directory's scan": Body("{prepare}a = os.scandir('/'){read}a = None\nn = seen + 1",
                                    _SOURCES),
    "drop a memory map": Body("{prepare}a = mmap.mmap(-1, 4096){read}a = None\nn = seen + 1",
                              _SOURCES),
    "for over a file": Body("{prepare}a = open(__file__){read}\nfor b in a: break\nn = seen + 1"),
    "unpack a file": Body("{prepare}a = open('/dev/null'){read}[*a]\nn = seen + 1"),
    "in a file": Body("{prepare}a = open('/dev/null'){read}'b' in a\nn = seen + 1"),
    "for over a directory": Body("{prepare}a = os.scandir('/'){read}\nfor b in a: break\n"
                                 "n = seen + 1", _SOURCES),
}  # fmt: skip
"""By name."""

_PAD = "pad * pad\n"
"""Long, and without a call: a request to switch comes, most often, while this goes on."""

_LATE = "(n, pad * pad)[0]"
"""What ``LATE`` stands for in a body: the read, and then the same long while."""


def source_of(body: Body) -> str:
    """The function ``update``, with the body between its read and its write."""
    read = "seen = n\n" + _PAD
    if body.text.startswith("{prepare}"):
        prepare, rest = body.text[len("{prepare}") :].split("{read}")
        inside = prepare + "\n" + read + rest.lstrip("\n")
    elif body.text.startswith("{read}"):
        inside = body.text[len("{read}") :].lstrip("\n")
    else:
        inside = read + body.text + "\nn = seen + 1"
    lines = ["global n", *inside.splitlines()]
    return "def update():\n" + "".join(f"    {line}\n" for line in lines).replace("LATE", _LATE)


def namespace_of(body: Body) -> dict[str, Any]:
    """The globals of the body's function, and the function in them."""
    namespace: dict[str, Any] = {"n": 0, "__file__": __file__, "pad": 3**10000}
    exec(compile(body.setup.replace("LATE", _LATE), "<setup>", "exec"), namespace)
    exec(compile(source_of(body), "<body>", "exec"), namespace)
    return namespace


Call = Callable[[], object]


def cold_calls(namespace: dict[str, Any], calls: int) -> list[Call]:
    """So many functions that were never called, nor anything of their code."""
    data = marshal.dumps(namespace["update"].__code__)
    return [FunctionType(marshal.loads(data), namespace) for _ in range(calls)]


def warm_calls(namespace: dict[str, Any], calls: int) -> list[Call]:
    """The same function, so many times."""
    return [namespace["update"]] * calls


MAKERS = {"cold": cold_calls, "warm": warm_calls}


def warm_up(namespace: dict[str, Any]) -> None:
    """Call the function as often as it takes for all of it to be specialised."""
    for _ in range(WARM):
        namespace["update"]()


def lost_in_round(namespace: dict[str, Any], batches: list[list[Call]]) -> int:
    """Have a thread make each batch's calls, at once; how many updates were lost."""

    def make_calls(batch: list[Call]) -> None:
        for call in batch:
            call()

    namespace["n"] = 0
    threads = [threading.Thread(target=make_calls, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(map(len, batches)) - int(namespace["n"])


def rounds() -> Iterator[int]:
    """Calls of a thread, round by round."""
    yield from ROUND_CALLS
    while True:
        yield ROUND_CALLS[-1]


def really(namespace: dict[str, Any], temperature: str, seconds: float) -> Counts:
    """Run the body for real until an update is lost, or for so long."""
    made = 0
    ends = time.monotonic() + seconds
    for calls in rounds():
        batches = [MAKERS[temperature](namespace, calls) for _ in range(THREADS)]
        lost = lost_in_round(namespace, batches)
        made += calls * THREADS
        if lost or time.monotonic() > ends:
            return lost, made
    raise AssertionError


def once(namespace: dict[str, Any], temperature: str, calls: int) -> Counts:
    """Have two threads run the body a few times."""
    batches = [MAKERS[temperature](namespace, calls) for _ in range(2)]
    return lost_in_round(namespace, batches), 2 * calls


def chosen(names: list[str]) -> dict[str, dict[str, Any]]:
    """The namespaces of these bodies, or of all that this interpreter can compile; all warm."""
    fitting = {
        name: namespace_of(body)
        for name, body in BODIES.items()
        if sys.version_info >= body.floor and (not names or name in names)
    }
    for namespace in fitting.values():
        warm_up(namespace)
    return fitting


def main(how: str, much: str, *names: str) -> None:
    """Print what was found."""
    sys.setswitchinterval(1e-6)
    found: dict[str, dict[str, Counts]] = {}
    for name, namespace in chosen(list(names)).items():
        found[name] = {}
        for temperature in MAKERS:
            if how == "real":
                found[name][temperature] = really(namespace, temperature, float(much))
            else:
                found[name][temperature] = once(namespace, temperature, int(much))
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
