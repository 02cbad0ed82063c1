"""ending: how a program ends, and what it reports."""

from __future__ import annotations

import pytest

from harness.judging.stderr import parse_stderr
from harness.language.properties.base import Facts
from harness.language.properties.ending import ending_text, parse_ending
from harness.values.program import Side
from harness.values.run import (
    Deadlocked,
    Ending,
    Exited,
    NotStarted,
    OverLimit,
    Signalled,
    TimedOut,
)
from tests.properties.driver import read_claim, refusal

EVENTS = 'start = "start"'

PYTHON_SOURCE = "def work(total, count):\n    return total / count\n\nwork(1, 0)\n"
PYTHON_STDERR = """\
Exception in thread Thread-1 (work):
Traceback (most recent call last):
  File "/usr/lib/python3.11/threading.py", line 1045, in _bootstrap_inner
    self.run()
  File "/home/anna/mean/main.py", line 2, in work
    return total / count
           ~~~~~~^~~~~~~
ZeroDivisionError: division by zero
"""
RUST_SOURCE = "fn main() {\n    let mean = sum / len;\n    worker.join().unwrap();\n}\n"
RUST_STDERR = """\

thread '<unnamed>' (123) panicked at topic/mean/src/main.rs:2:16:
attempt to divide by zero
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace

thread 'main' (122) panicked at topic/mean/src/main.rs:3:19:
called `Result::unwrap()` on an `Err` value: Any { .. }
"""


def python_facts(stderr: str = PYTHON_STDERR, ending: Ending | None = None) -> Facts:
    """What is known of a Python run that ended so."""
    reports = parse_stderr(stderr.encode()).reports
    how = ending or Exited(0)
    return Facts(ending=how, reports=reports, source=PYTHON_SOURCE, path="main.py")


def rust_facts(stderr: str = RUST_STDERR) -> Facts:
    """What is known of a Rust run that panicked so."""
    reports = parse_stderr(stderr.encode()).reports
    return Facts(ending=Exited(101), reports=reports, source=RUST_SOURCE, path="src/main.rs")


def said(rule: str, facts: Facts) -> str:
    """The message of the violation, or nothing."""
    violation = read_claim(EVENTS, f"ending = {rule}").violation("start\n", facts)
    return violation.message if violation else ""


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        (Exited(101), "exit 101"),
        (Signalled("SIGABRT"), "signal SIGABRT"),
        (Deadlocked(), "hang"),
        (TimedOut(3.0, idle=True), "hang"),
        (TimedOut(3.0, idle=None), "hang"),
        (TimedOut(3.0), "timed out"),
        (OverLimit("64 MiB of output"), "over the limit of 64 MiB of output"),
        (NotStarted("no such file"), "not started"),
    ],
)
def test_every_ending_has_a_text(ending: Ending, text: str) -> None:
    """Endings are told apart as a spec writes them."""
    assert text == ending_text(ending)


@pytest.mark.parametrize("text", ["exit 0", "exit 255", "signal SIGSEGV", "hang"])
def test_what_a_spec_writes_is_read_back(text: str) -> None:
    """The endings that a spec can name are those that are told."""
    ending = parse_ending(text)
    assert ending is not None
    assert text == ending_text(ending)


@pytest.mark.parametrize("text", ["exit", "exit 256", "exit -1", "signal FOO", "SIGABRT", ""])
def test_what_is_no_ending_is_none(text: str) -> None:
    """Codes over 255 and signals that there are not are no endings."""
    assert parse_ending(text) is None


@pytest.mark.parametrize(
    ("rule", "ending", "message"),
    [
        ("{ code = 3 }", Exited(3), ""),
        ("{ code = 3 }", Exited(0), "it does not end with exit 3"),
        ('{ signal = "SIGABRT" }', Signalled("SIGABRT"), ""),
        ('{ signal = "SIGABRT" }', Signalled("SIGSEGV"), "it does not end with signal SIGABRT"),
        ("{ code = 0 }", Deadlocked(), "it does not end with exit 0"),
    ],
)
def test_the_ending_has_to_be_the_one_that_is_named(
    rule: str, ending: Ending, message: str
) -> None:
    """Code or signal, and nothing on stderr."""
    assert message == said(rule, Facts(ending=ending))


@pytest.mark.parametrize(
    ("report", "message"),
    [
        ('exception = "ZeroDivisionError"', ""),
        (
            'exception = "ZeroDivisionError", message = "division by {what}", thread = "Thread-1"',
            "",
        ),
        ('exception = "ZeroDivisionError", at = "return total / count"', ""),
        ('exception = "ValueError"', "stderr reports something else"),
        ('exception = "ZeroDivisionError", message = "division"', "stderr reports something else"),
        ('exception = "ZeroDivisionError", thread = "MainThread"', "stderr reports something else"),
        ('exception = "ZeroDivisionError", at = "work(1, 0)"', "stderr reports something else"),
        ('panic = "division by zero"', "stderr reports something else"),
    ],
)
def test_an_exception_is_told_by_type_message_thread_and_place(report: str, message: str) -> None:
    """What is given has to fit; what is not given does not matter."""
    assert message == said(f"{{ reports = [{{ {report} }}] }}", python_facts())


def test_the_place_is_the_innermost_line_of_the_program_itself() -> None:
    """Frames of the library below it do not count."""
    stderr = """\
Traceback (most recent call last):
  File "/home/anna/mean/main.py", line 4, in <module>
    work(1, 0)
  File "/usr/lib/python3.11/queue.py", line 168, in get
    raise Empty
_queue.Empty
"""
    rule = '{ code = 1, reports = [{ exception = "Empty", message = "", at = "work(1, 0)" }] }'
    assert not said(rule, python_facts(stderr, Exited(1)))


def test_panics_come_in_their_order_unless_any_order_will_do() -> None:
    """Each panic has a message, a thread, and a place that is looked up in the source."""
    first = '{ panic = "attempt to divide by zero", thread = "<unnamed>", at = "sum / len" }'
    second = '{ panic = "called `Result::unwrap()` on {rest}", thread = "main", at = ".join()" }'
    assert not said(f"{{ code = 101, reports = [{first}, {second}] }}", rust_facts())
    swapped = f"code = 101, reports = [{second}, {first}]"
    assert "stderr reports something else" == said(f"{{ {swapped} }}", rust_facts())
    assert not said(f"{{ {swapped}, reports-in-any-order = true }}", rust_facts())
    alone = f"{{ code = 101, reports = [{first}] }}"
    assert "stderr reports one thing more" == said(alone, rust_facts())
    thrice = f"{{ code = 101, reports = [{first}, {second}, {second}] }}"
    assert "stderr does not report all that it should" == said(thrice, rust_facts())


def test_a_claim_that_takes_anything_leaves_the_rest_to_the_others() -> None:
    """In any order, reports are paired so that as many claims as can be are fulfilled."""
    loose, exact = '{ panic = "{any}" }', '{ panic = "attempt to divide by zero" }'
    rule = f"{{ code = 101, reports = [{loose}, {exact}], reports-in-any-order = true }}"
    assert not said(rule, rust_facts())


def test_a_wrong_report_is_shown_beside_the_right_one() -> None:
    """The violation says what was claimed and what stood there."""
    rule = 'ending = { code = 101, reports = [{ panic = "oops", thread = "main" }] }'
    violation = read_claim(EVENTS, rule).violation("start\n", rust_facts())
    assert violation is not None
    assert 'panic "oops" in thread main' == violation.expected
    assert (
        'panic "attempt to divide by zero" in thread <unnamed> at topic/mean/src/main.rs:2'
        == violation.found
    )


def test_a_message_of_several_lines_is_matched_line_by_line() -> None:
    """Each line of the pattern stands for a line of the message."""
    stderr = (
        "\nthread 'main' panicked at src/main.rs:2:5:\n"
        "assertion `left == right` failed\n  left: 1\n right: 2\n"
    )
    text = "assertion `left == right` failed\\n  left: {l:d}\\n right: {r:d}"
    assert not said(f'{{ code = 101, reports = [{{ panic = "{text}" }}] }}', rust_facts(stderr))
    shorter = 'panic = "assertion `left == right` failed"'
    rule = f"{{ code = 101, reports = [{{ {shorter} }}] }}"
    assert "stderr reports something else" == said(rule, rust_facts(stderr))


def test_exceptions_are_of_python_and_panics_of_rust() -> None:
    """A property about reports has to name its side."""
    sides = {
        rule: read_claim(EVENTS, f"ending = {rule}").rule.allowed_sides
        for rule in (
            "{ code = 1 }",
            '{ reports = [{ exception = "E" }] }',
            '{ reports = [{ panic = "p" }] }',
        )
    }
    assert [(None, *Side), (Side.PYTHON,), (Side.RUST,)] == list(sides.values())


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("{}", ': expected "code", "signal", "reports" or "endless"'),
        ("{ code = 256 }", ".code: expected an exit code from 0 to 255, found 256"),
        ('{ code = 1, signal = "SIGABRT" }', '.signal: give either "code" or "signal", not both'),
        (
            '{ signal = "SIGABORT" }',
            '.signal: there is no signal "SIGABORT" (did you mean "SIGABRT"?)',
        ),
        (
            '{ reports = [{ thread = "main" }] }',
            '.reports[0]: expected exactly one of "exception", "panic"',
        ),
        (
            '{ reports = [{ panic = "a", message = "b" }] }',
            '.reports[0].message: the message of a panic is what "panic" says',
        ),
        (
            '{ reports = [{ panic = "a" }, { exception = "E" }] }',
            ".reports: no program gives both exceptions and panics",
        ),
        (
            '{ reports = [{ panic = "a" }], reports-in-any-order = true }',
            ".reports-in-any-order: expected two reports or more to have an order",
        ),
        (
            '{ reports = [{ panic = "a{" }] }',
            '.reports[0].panic: column 2: unbalanced "{"; write "{{" for the character itself',
        ),
        (
            '{ reports = [{ exception = "" }] }',
            ".reports[0].exception: expected the type of an exception, found an empty text",
        ),
    ],
)
def test_a_senseless_ending_is_refused(rule: str, message: str) -> None:
    """What no run can end like does not load."""
    assert f"ending{message}" == refusal(EVENTS, f"ending = {rule}")
