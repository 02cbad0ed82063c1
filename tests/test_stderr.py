"""Stderr: panics and tracebacks of every form, and what belongs to none."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.judging.stderr import Stderr, parse_stderr
from harness.values.run import StderrReport
from harness.values.toolchain import Place


def parse(text: str) -> Stderr:
    """Return what the text holds."""
    return parse_stderr(text.encode())


def panic(message: str, line: int, thread: str = "main") -> StderrReport:
    """Return the report of a panic in column 9 of a line of src/main.rs."""
    place = Place(file="src/main.rs", line=line, column=9)
    return StderrReport(kind="panic", message=message, thread=thread, place=place)


def brief(stderr: Stderr) -> list[tuple[str, str, str]]:
    """Return thread, type and message of each report."""
    return [(r.thread, r.type, r.message) for r in stderr.reports]


# --- Rust -----------------------------------------------------------------------

_RUST_1_63 = """\
thread '<unnamed>' panicked at 'attempt to divide by zero', src/main.rs:4:9
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
thread 'main' panicked at 'assertion failed: `(left == right)`
  left: `1`,
 right: `2`: sums, they differ', src/main.rs:10:9
"""

_RUST_1_73 = """\
thread '<unnamed>' panicked at src/main.rs:4:9:
attempt to divide by zero
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
thread 'main' panicked at src/main.rs:10:9:
assertion `left == right` failed: sums, they differ
  left: 1
 right: 2
"""

_RUST_1_95 = """\

thread '<unnamed>' (18501) panicked at src/main.rs:4:9:
attempt to divide by zero
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace

thread 'main' (18500) panicked at src/main.rs:10:9:
assertion `left == right` failed: sums, they differ
  left: 1
 right: 2
"""

_DIVIDED = panic("attempt to divide by zero", 4, "<unnamed>")


@pytest.mark.parametrize(
    ("text", "second"),
    [
        (
            _RUST_1_63,
            "assertion failed: `(left == right)`\n  left: `1`,\n right: `2`: sums, they differ",
        ),
        (
            _RUST_1_73,
            "assertion `left == right` failed: sums, they differ\n  left: 1\n right: 2",
        ),
        (
            _RUST_1_95,
            "assertion `left == right` failed: sums, they differ\n  left: 1\n right: 2",
        ),
    ],
    ids=["1.63", "1.73", "1.95"],
)
def test_panics_of_every_form_are_read(text: str, second: str) -> None:
    """Two panics in a row are two reports, in order, whatever the compiler's form."""
    assert Stderr(reports=(_DIVIDED, panic(second, 10))) == parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "thread 'main' panicked at 'a\n\nb', src/main.rs:4:9\n",
        (
            "\nthread 'main' (7) panicked at src/main.rs:4:9:\na\n\nb\nnote: run with "
            "`RUST_BACKTRACE=1` environment variable to display a backtrace\n"
        ),
    ],
)
def test_an_empty_line_does_not_end_a_message(text: str) -> None:
    """A message goes on over empty lines."""
    assert Stderr(reports=(panic("a\n\nb", 4),)) == parse(text)


def test_a_backtrace_belongs_to_its_panic() -> None:
    """A backtrace and its notes are no message, and no leftover."""
    text = """\
thread 'main' panicked at src/main.rs:4:9:
oh
stack backtrace:
   0: rust_begin_unwind
             at /rustc/0/library/std/src/panicking.rs:645:5
   1: main::main
note: Some details are omitted, run with `RUST_BACKTRACE=full` for a verbose backtrace.
after
"""
    assert Stderr(reports=(panic("oh", 4),), rest=("after",)) == parse(text)


def test_an_abort_is_left_over() -> None:
    """What the runtime says when it aborts is no panic, and does not vanish in one."""
    text = """\

thread 'main' (7) panicked at src/main.rs:4:9:
second
thread caused non-unwinding panic. aborting.
fatal runtime error: stack overflow
"""
    assert Stderr(
        reports=(panic("second", 4),),
        rest=(
            "thread caused non-unwinding panic. aborting.",
            "fatal runtime error: stack overflow",
        ),
    ) == parse(text)


def test_names_of_threads_may_hold_anything() -> None:
    """A thread's name is read with its spaces and brackets."""
    text = "\nthread 'a (b) c' (7) panicked at src/main.rs:4:9:\noh\n"
    assert Stderr(reports=(panic("oh", 4, "a (b) c"),)) == parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "thread 'main' panicked at 'no end\n",
        "thread 'main' panicked at nowhere\n",
        "a thread 'main' panicked at src/main.rs:4:9:\n",
    ],
)
def test_what_only_resembles_a_panic_is_left_over(text: str) -> None:
    """A line that a panic's message would not have printed is no panic."""
    assert Stderr(rest=(text.rstrip("\n"),)) == parse(text)


# --- Python ---------------------------------------------------------------------

_PYTHON_3_9 = """\
Exception in thread Thread-1:
Traceback (most recent call last):
  File "/lib/python3.9/threading.py", line 980, in _bootstrap_inner
    self.run()
  File "main.py", line 5, in mean
    return (total
ZeroDivisionError: division by zero
"""

_PYTHON_3_13 = """\
Exception in thread Thread-1 (mean):
Traceback (most recent call last):
  File "/lib/python3.13/threading.py", line 1041, in _bootstrap_inner
    self.run()
    ~~~~~~~~^^
  File "main.py", line 5, in mean
    return (total
            ~~~~~
        / count)
        ^~~~~~~
ZeroDivisionError: division by zero
"""


@pytest.mark.parametrize("text", [_PYTHON_3_9, _PYTHON_3_13], ids=["3.9", "3.13"])
def test_an_exception_in_a_thread_is_read(text: str) -> None:
    """The thread, the type, the message and the last frame are read, carets or none."""
    stderr = parse(text)
    [report] = stderr.reports
    expected = Place(file="main.py", line=5, text="return (total")
    assert ("Thread-1", "ZeroDivisionError", "division by zero", expected) == (
        report.thread,
        report.type,
        report.message,
        report.place,
    )
    assert ["self.run()", "return (total"] == [frame.text for frame in report.frames]
    assert () == stderr.rest


def run_python(program: str) -> Stderr:
    """Return what a program says on stderr, under this very Python."""
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, check=False)
    return parse_stderr(done.stderr)


_DURING = """\
def f():
    try: {}["k"]
    except KeyError: 1 / 0
"""


@pytest.mark.parametrize(
    ("program", "reports"),
    [
        ("1 / 0", [("MainThread", "ZeroDivisionError", "division by zero")]),
        (_DURING + "f()", [("MainThread", "ZeroDivisionError", "division by zero")]),
        (
            "try: 1 / 0\nexcept ZeroDivisionError as e: raise ValueError('why') from e",
            [("MainThread", "ValueError", "why")],
        ),
        ("class Odd(Exception): pass\nraise Odd", [("MainThread", "Odd", "")]),
        ("raise ValueError('a\\n\\n  b')", [("MainThread", "ValueError", "a\n\n  b")]),
        ("e = ValueError('a')\ne.add_note('b')\nraise e", [("MainThread", "ValueError", "a\nb")]),
        ("import queue\nqueue.Queue().get(block=False)", [("MainThread", "_queue.Empty", "")]),
        ("def f(:", [("MainThread", "SyntaxError", "invalid syntax")]),
        (
            "raise ExceptionGroup('two', [ValueError('a'), OSError('b')])",
            [("MainThread", "ExceptionGroup", "two (2 sub-exceptions)")],
        ),
        (
            (
                "import threading\ndef f(): 1 / 0\n"
                "for n in (None, 'a (b)'):\n"
                "    t = threading.Thread(target=f, name=n); t.start(); t.join()\n"
                "f()"
            ),
            [
                ("Thread-1", "ZeroDivisionError", "division by zero"),
                ("a (b)", "ZeroDivisionError", "division by zero"),
                ("MainThread", "ZeroDivisionError", "division by zero"),
            ],
        ),
        (
            _DURING + "from concurrent.futures import ProcessPoolExecutor as P\n"
            "import multiprocessing as m\n"
            "with P(1, m.get_context('fork')) as p: p.submit(f).result()",
            [("MainThread", "ZeroDivisionError", "division by zero")],
        ),
    ],
)
def test_what_this_python_prints_is_read(program: str, reports: list[tuple[str, str, str]]) -> None:
    """Each uncaught exception of a real program is one report, and nothing is left over."""
    stderr = run_python(program)
    assert reports == brief(stderr)
    assert () == stderr.rest


def test_an_ignored_exception_is_marked() -> None:
    """An exception that Python only mentions is a report, and says so."""
    stderr = run_python("class D:\n    def __del__(self): raise ValueError('gone')\nD()\n1 / 0")
    assert [("gone", True), ("division by zero", False)] == [
        (r.message, r.ignored) for r in stderr.reports
    ]


def test_what_a_task_says_is_left_over() -> None:
    """The lines that come before a lost task's traceback belong to no report."""
    stderr = run_python(
        "import asyncio\n"
        "async def lost(): raise ValueError('lost')\n"
        "async def main():\n"
        "    t = asyncio.ensure_future(lost())\n"
        "    await asyncio.sleep(0); await asyncio.sleep(0)\n"
        "asyncio.run(main())"
    )
    assert [("MainThread", "ValueError", "lost")] == brief(stderr)
    assert ("Task exception was never retrieved", 2) == (stderr.rest[0], len(stderr.rest))


@pytest.mark.parametrize(
    "text",
    [
        'Traceback (most recent call last):\n  File "main.py", line 5, in mean\n',
        "Exception in thread Thread-1:\n",
        "Exception ignored in: <function f>\n",
        "Traceback (most recent call last):\n",
        '  File "main.py", line 5\n',
        "ValueError: without a traceback\n",
    ],
)
def test_a_cut_traceback_is_left_over(text: str) -> None:
    """A traceback that does not come to its exception is not taken for a report."""
    assert Stderr(rest=tuple(text.splitlines())) == parse(text)


def test_the_headline_is_the_first_line_of_a_message() -> None:
    """A message of several lines has a headline."""
    assert panic("a\nb", 1).headline == "a"


# --- both -----------------------------------------------------------------------


def test_events_are_set_aside_first() -> None:
    """A declared line that another thread printed into a report does not spoil it."""
    text = _RUST_1_73.replace("  left", "light: red\n  left") + "light: green\nstray\n"
    stderr = parse_stderr(text.encode(), lambda line: line.startswith("light: "))
    assert [_DIVIDED.message, "assertion `left == right` failed: sums, they differ"] == [
        report.headline for report in stderr.reports
    ]
    assert ("light: red", "light: green") == stderr.rest


_SNIPPETS = st.sampled_from(
    [
        *_RUST_1_63.splitlines(),
        *_RUST_1_95.splitlines(),
        *_PYTHON_3_13.splitlines(),
        "stray",
        '"""',
        "x.RemoteTraceback: ",
        "  + Exception Group Traceback (most recent call last):",
    ]
)


@given(st.lists(_SNIPPETS | st.text(), max_size=30))
def test_whatever_is_printed_is_read(lines: list[str]) -> None:
    """No text makes the reading fail, and no line that stands alone gets lost."""
    stderr = parse("\n".join(lines))
    if not stderr.reports:
        assert [line for text in lines for line in text.split("\n") if line] == [
            line for line in stderr.rest if line
        ]


@pytest.mark.parametrize(
    "line",
    [
        '  File "main.py", line 5, in mean\n',
        "thread 'main' panicked at 'no end\n",
        "Traceback (most recent call last):\n",
        "', src/main.rs:1:" * 600 + "\n",
        "thread '" * 1000 + "\n",
        "\n",
    ],
)
def test_no_text_takes_more_than_linear_time(line: str) -> None:
    """A megabyte of what only looks like the beginning of a report is read at once."""
    text = "thread 'main' panicked at 'x\n" + line * (1_000_000 // len(line)) + "!"
    started = time.process_time()
    parse(text)
    assert time.process_time() - started < 4
