"""Which mutants a rule shows to be equivalent, and which near misses it does not."""

from __future__ import annotations

import pytest

from harness.proof.mutants import make_mutants
from harness.proof.mutants.equivalence import why_equivalent
from harness.values.program import Program, Side

PYTHON = Program(name="main", side=Side.PYTHON, path="main.py")
RUST = Program(name="main", side=Side.RUST, path="src/main.rs")

JOINED = """\
from threading import Thread


def work():
    print("work")


def main():
    thread = Thread(target=work)
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()
"""
STARTED_ELSEWHERE = (
    JOINED.replace("def main", "def start(thread):\n    thread.start()\n\n\ndef main")
    .replace("    thread.start()\n    thread.join", "    start(thread)\n    thread.join")
    .replace("    thread.start()\n    start", "    start")
)
POOL = """\
with ThreadPoolExecutor(max_workers=2) as pool:
    one = pool.submit(f, 1)
    two = pool.submit(f, 2)
print(one.result())
"""
PAIR = """\
def main():
    numbers = [1]
    one = Thread(target=work, args=(numbers,))
    two = Thread(target=work, args=(numbers,))
    one.start()
    one.join()
"""


def _shown(program: Program, source: str, operator: str) -> list[int]:
    """The lines of the mutants of that operator that are shown to be equivalent."""
    mutants = make_mutants("topic/name", program, source)
    return [m.line for m in mutants if m.operator == operator and why_equivalent(m)]


@pytest.mark.parametrize(
    ("changed", "lines"),
    [
        ({}, [11]),
        ({"    thread.join()": "    for each in [thread]:\n        each.join()"}, []),
        ({"    thread.join()": "    threads = 1\n    for t in threads:\n        t.join()"}, [13]),
        ({"thread.join()": 'thread.join()\n    print("end")'}, []),
        ({"thread.join()": "thread.join(1)"}, []),
        ({"    main()": '    main()\n    print("end")'}, []),
        ({"target=work": "target=work, daemon=True"}, []),
        ({"import Thread": "import Thread, main_thread"}, []),
        ({"from threading": "import atexit\nfrom threading"}, []),
        ({"from threading": "import queue\nfrom threading"}, []),
        ({"def main": "class Thread:\n    def join(self):\n        print(1)\n\n\ndef main"}, []),
        ({"target=work": "target=lambda: Thread(target=work).start()"}, []),
        ({"target=work": "target=Thread(target=work).start"}, []),
        ({"def work": "class Worker:\n    def go(self):\n        self.start()\n\n\ndef work"}, []),
        ({'    print("work")': "    Thread(target=print).start()"}, []),
    ],
)
def test_a_join_at_the_end_of_main(changed: dict[str, str], lines: list[int]) -> None:
    """The interpreter joins threads itself, if nothing comes in between and none is a daemon."""
    source = JOINED
    for old, new in changed.items():
        assert old in source
        source = source.replace(old, new)
    assert lines == _shown(PYTHON, source, "remove-call")


def test_a_function_that_main_calls_may_start_the_thread() -> None:
    """What main alone calls ends before main does; what a thread calls need not."""
    assert [15] == _shown(PYTHON, STARTED_ELSEWHERE, "remove-call")
    called_by_thread = STARTED_ELSEWHERE.replace('print("work")', "start(None)")
    assert [] == _shown(PYTHON, called_by_thread, "remove-call")


@pytest.mark.parametrize(
    ("changed", "raised"),
    [
        (("=2", "=2"), [1]),
        (("=2", "=1"), []),
        (("one = pool.submit(f, 1)", "one = [pool.submit(f, i) for i in (1, 2)]"), []),
        (("one = pool.submit(f, 1)", "one = pool.map(f, [1])"), []),
        (("one = pool.submit(f, 1)", "one = start(pool)"), []),
        (("with Thread", "import time\nwith Process"), []),
    ],
)
def test_a_pool_with_room_for_more_than_its_jobs(
    changed: tuple[str, str], raised: list[int]
) -> None:
    """A thread pool that has a thread for each job never looks at its bound."""
    source = POOL.replace(*changed)
    pool_lines = [line for line in _shown(PYTHON, source, "change-constant") if line == 1]
    assert raised == pool_lines
    assert [] == _shown(PYTHON, source, "lower-bound")


@pytest.mark.parametrize(
    ("changed", "lines"),
    [
        (("", ""), [4]),
        (("numbers = [1]", "global numbers"), []),
        (("two = Thread(target=work, args=(numbers,))", "two = Thread(target=f())"), []),
        (("two = Thread(target=work, args=(numbers,))", "two = start_one(numbers)"), []),
        (("def main", "def work(x):\n    Thread(target=f)\n\n\ndef main"), []),
    ],
)
def test_a_thread_that_is_made_later(changed: tuple[str, str], lines: list[int]) -> None:
    """To make a thread before or after another is started is one, if its arguments are plain."""
    source = PAIR.replace(*changed)
    assert lines == _shown(PYTHON, source, "swap-statements")


@pytest.mark.parametrize(
    ("closure", "lines"),
    [
        ("move || work(a, b)", [2]),
        ("move || some::work(a, 1)", [2]),
        ("move || work()", [2]),
        ("move || work(&a)", []),
        ("move || work(a.b)", []),
        ("move || a.work()", []),
        ('move || println!("{a}")', []),
        ("move || { work(a) }", []),
        ("move || work(a) + b", []),
        ("move |x| work(x)", []),
        ("move || work(|| a)", []),
    ],
)
def test_a_closure_that_hands_all_on(closure: str, lines: list[int]) -> None:
    """Without ``move`` a closure captures what it gives away as it did with it."""
    source = f"fn main() {{\n    spawn({closure});\n}}\n\nfn work() {{}}\n"
    assert lines == _shown(RUST, source, "remove-move")


def test_a_closure_that_calls_another_captures_that_too() -> None:
    """What the called closure owns lives as long as it, and so depends on who holds it."""
    source = "fn main() {\n    let work = f();\n    spawn(move || work(a));\n}\n"
    assert [] == _shown(RUST, source, "remove-move")
    assert [] == _shown(RUST, f"{source}\nfn work() {{}}\n", "remove-move")


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("let a = f();\ng();\ndrop(a);", [4]),
        ("let mut a: T = f();\ndrop(a);", [3]),
        ("let a = f();\nlet b = g();\ndrop(a);", []),
        ("let a = f();\ndrop(a);\ng();", []),
        ("let a = f();\ndrop(a);\n1", []),
        ("let (a, b) = f();\ndrop(a);", []),
        ("let a = f();\ndrop(a.b);", []),
        ("let a = f();\nif c {\ndrop(a);\n}", []),
    ],
)
def test_a_drop_where_the_block_ends(body: str, lines: list[int]) -> None:
    """What the block would drop first may be dropped by hand just before."""
    assert lines == _shown(RUST, f"fn main() {{\n{body}\n}}\n", "remove-call")
