"""``harness try``: what schedules bring out of programs of which nothing is claimed."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from harness.authoring.trying import Given, spec_of
from harness.authoring.trying.usual import usual_of
from harness.cli import run_command_line
from harness.language.declarations import Property
from harness.language.patterns import compile_pattern
from harness.values.errors import ExitCode
from tests.audit.driver import run_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="control is for Linux")

DOCS = Path("docs/your-own.md")

LOST = """\
import threading

counts = {"a": 0}


def count(texts):
    for text in texts:
        seen = counts.get(text, 0)
        counts[text] = seen + 1


threads = [threading.Thread(target=count, args=(["a", "a"],)) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("counted", counts["a"])
"""

CROSSED = """\
import threading

one, other = threading.Lock(), threading.Lock()


def both(first, second):
    with first:
        with second:
            print("both")


threads = [threading.Thread(target=both, args=pair) for pair in ((one, other), (other, one))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""

RIGHT = LOST.replace("counts = {", "lock = threading.Lock()\ncounts = {").replace(
    "        seen = counts.get(text, 0)\n        counts[text] = seen + 1\n",
    "        with lock:\n            counts[text] = counts.get(text, 0) + 1\n",
)

IN_RUST = """\
use std::sync::Mutex;
use std::thread;

fn main() {
    let total = Mutex::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let seen = *total.lock().unwrap();
                *total.lock().unwrap() = seen + 1;
            });
        }
    });
    println!("total {}", total.into_inner().unwrap());
}
"""


class Trying:
    """Runs the command on texts in a directory, and keeps what it printed."""

    def __init__(self, place: Path, state: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._place = place
        self._state = state
        self._capsys = capsys

    def __call__(self, *arguments: str) -> tuple[int, str]:
        """The exit code, and stdout with stderr after it."""
        state = ("--state-dir", str(self._state))
        code = run_command_line(["try", *arguments[:1], *state, *arguments[1:]])
        said = self._capsys.readouterr()
        return code, said.out.replace(" \\\n", " ") + said.err

    def text(self, name: str, text: str) -> str:
        """The path of a file with this text."""
        path = self._place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return str(path)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One state directory: what control needs is built once."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture
def trying(tmp_path: Path, state: Path, capsys: pytest.CaptureFixture[str]) -> Trying:
    """The command, with a directory for programs."""
    return Trying(tmp_path, state, capsys)


def test_a_lost_update_is_found_without_any_spec(trying: Trying) -> None:
    """Plain runs print 4; a schedule that does not is shown, and makes that run again."""
    script = trying.text("count.py", LOST)
    code, said = trying(script, "--schedules", "60")
    assert code == ExitCode.FAILED
    assert "1 finding in 10 plain" in said
    assert "in 0 of 10 plain runs" in said
    (expected,) = re.findall(r"expected +counted = (\d)", said)
    (found,) = re.findall(r"found +counted = (\d)", said)
    assert expected == "4" > found
    (again,) = re.findall(r"again: +harness try +(.*)", said)
    code, said = trying(*shlex.split(again))
    assert (code, f"counted {found}" in said) == (ExitCode.OK, True)


def test_nothing_is_found_in_what_is_right(trying: Trying) -> None:
    """The order of lines is nobody's matter: there is one trace for each order of the lock."""
    code, said = trying(trying.text("right.py", RIGHT))
    assert (code, "nothing found" in said, "complete: " in said) == (ExitCode.OK, True, True)


def test_a_deadlock_is_told_with_who_waits_for_what(trying: Trying) -> None:
    """It needs no spec either."""
    code, said = trying(trying.text("crossed.py", CROSSED), "--schedules", "60")
    assert code == ExitCode.FAILED
    assert "threads 1 and 2 wait for each other" in said
    assert "lock at crossed.py:" in said


def test_arguments_and_stdin_reach_the_program(trying: Trying) -> None:
    """Which ends with a code of its own, as ever: that is usual of it."""
    script = trying.text(
        "echo.py", "import sys\nprint(sys.argv[1:], input())\nsys.exit(len(sys.argv))\n"
    )
    stdin = trying.text("in.txt", "hello\n")
    options = ("--stdin", stdin, "--timeout", "9.5s", "--schedules", "3")
    code, said = trying(script, *options, "--", "-x", "5")
    assert (code, "nothing found" in said) == (ExitCode.OK, True)
    code, said = trying(script, *options, "--schedule", "random:1", "--", "-x", "5")
    assert "['-x', '5'] hello" in said
    assert code == ExitCode.FAILED  # of one run nobody knows what is usual
    assert "--stdin" in said
    assert "--timeout 9.5s" in said
    assert said.rstrip().endswith("-- -x 5")


def test_what_goes_wrong_in_plain_runs_is_told_of_them(trying: Trying) -> None:
    """An exception that always comes is no matter of schedules."""
    code, said = trying(trying.text("fails.py", "raise ValueError('no')\n"), "--schedules", "3")
    assert (code, "ValueError: no" in said) == (ExitCode.FAILED, True)
    assert "in 10 of 10 runs" in said
    assert "no controlled run: plain runs fail already" in said


TASKS = """\
import asyncio


async def put(values, value):
    values.append(value)


async def main():
    values = []
    await asyncio.gather(put(values, 1), put(values, 2))
    print("first", values[0])


asyncio.run(main())
"""


def test_tasks_are_tried_in_other_orders_where_that_is_asked(trying: Trying) -> None:
    """On asyncio's own loop those that are ready go in their turn."""
    script = trying.text("tasks.py", TASKS)
    code, said = trying(script, "--schedules", "20")
    assert (code, "nothing found" in said) == (ExitCode.OK, True)
    code, said = trying(script, "--schedules", "20", "--task-order", "free")
    assert (code, "first = 2" in said) == (ExitCode.FAILED, True)


LATE = """\
import threading
import time

done = []
threading.Thread(target=lambda: done.append(1)).start()
time.sleep(0.01)
print("done", len(done))
"""


def test_what_only_a_slow_machine_shows_can_be_left_out(trying: Trying) -> None:
    """A sleep in the place of a join is a fault, unless who asks says that he counts on it."""
    script = trying.text("late.py", LATE)
    code, said = trying(script, "--schedules", "40")
    assert (code, "--timing strict leaves" in " ".join(said.split())) == (ExitCode.FAILED, True)
    code, said = trying(script, "--schedules", "40", "--timing", "strict")
    assert (code, "nothing found" in said) == (ExitCode.OK, True)


def test_a_program_without_an_end_is_run_once(trying: Trying) -> None:
    """Each further run would take as long."""
    text = "import time\nwhile True:\n    time.sleep(0.1)\n"
    code, said = trying(trying.text("serves.py", text), "--timeout", "0.5s")
    assert (code, "had not ended" in said, "in 1 run" in said) == (ExitCode.FAILED, True, True)


@pytest.mark.skipif(shutil.which("cargo") is None, reason="needs cargo")
def test_a_rust_file_and_a_crate(trying: Trying) -> None:
    """The file gets a crate of its own; in a crate it is that one's program."""
    code, said = trying(trying.text("total.rs", IN_RUST), "--schedules", "20")
    assert (code, "total = 1" in said) == (ExitCode.FAILED, True)
    crate = Path(trying.text("mine/Cargo.toml", '[package]\nname = "mine"\n')).parent
    file = trying.text("mine/src/bin/total.rs", IN_RUST)
    trying.text("mine/src/bin/other.rs", "fn main() {}\n")
    code, said = trying(str(crate))
    assert (code, '--bin: "other", "total"' in said) == (ExitCode.USAGE, True)
    code, said = trying(str(crate), "--bin", "total", "--schedules", "20")
    assert (code, "total = 1" in said) == (ExitCode.FAILED, True)
    of_file = spec_of(Given(path=Path(file)), Path("unused"))
    assert (of_file.directory, of_file.programs[0].path) == (crate, "src/bin/total.rs")


def test_a_manifest_that_is_none_is_a_slip_and_no_fault_of_ours(trying: Trying) -> None:
    """Cargo would say what is wrong with it; here there is no program in it."""
    crate = Path(trying.text("odd/Cargo.toml", 'package = "odd"\nbin = "odd"\n')).parent
    code, said = trying(str(crate))
    assert (code, "expected a crate with a program" in said) == (ExitCode.USAGE, True)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("nowhere.py", "found nothing"),
        ("README.md", 'expected a Python script (".py")'),
        ("docs", "expected Cargo.toml or main.py"),
        ("examples/life-cycle/join", "is an example, with a spec"),
    ],
)
def test_what_is_no_program_is_told(trying: Trying, path: str, expected: str) -> None:
    """With what would be one."""
    code, said = trying(path)
    assert (code, expected in said, said.count("\n")) == (ExitCode.USAGE, True, 1)


def test_the_other_sides_toolchain_says_nothing(trying: Trying) -> None:
    """It is refused, not passed over."""
    code, said = trying(trying.text("count.py", LOST), "--rust", "stable")
    assert (code, "--rust says nothing" in said) == (ExitCode.USAGE, True)


def test_a_missing_module_is_told_without_a_word_of_specs(trying: Trying) -> None:
    """There is none."""
    code, said = trying(trying.text("needs.py", "import nobody_has_this\n"))
    flat = " ".join(said.split())
    assert (code, "name with --python an environment" in flat) == (ExitCode.FAILED, True)
    assert "example.toml" not in said


# --- what is usual ----------------------------------------------------------------------------


def _names(properties: tuple[Property, ...]) -> list[str]:
    return [prop.name for prop in properties]


def test_what_varies_plainly_is_not_compared() -> None:
    """Neither a field that does, nor a line that is not always there."""
    usual = usual_of([run_of("took 5 of 3\ndone 1\n"), run_of("took 7 of 3\nlate\ndone 1\n")])
    by_name = {event.name: event for event in usual.events}
    rules = dict(zip(by_name, usual.properties, strict=True))
    assert usual.varying == ("late",)
    assert compile_pattern(by_name["took-of"]).names == ("took", "of")
    assert str(rules["took-of"].rule).count("{3: 1}") == 1
    assert "{5: 1}" not in str(rules["took-of"].rule)


def test_lines_of_stderr_and_a_code_of_its_own_are_usual() -> None:
    """But a traceback is not, nor is the code with which it ends."""
    said = usual_of([run_of("", stderr="warning: 3 left\n", code=2)] * 2)
    assert _names(said.properties) == ["exit code", "warning: {warning:d} left (stderr)"]
    raised = 'Traceback (most recent call last):\n  File "x.py", line 1, in <module>\nKeyError: 1\n'
    assert usual_of([run_of("", stderr=raised, code=1)] * 2).properties == ()


def test_too_many_kinds_of_lines_are_one_that_is_counted() -> None:
    """Learning patterns is for programs that a person reads."""
    words = "".join(f"{chr(97 + n % 26)}{chr(97 + n // 26)} said\n" for n in range(60))
    (event,) = usual_of([run_of(words)] * 2).events
    assert event.pattern == "{text}"


# --- the page that shows it -------------------------------------------------------------------


def test_what_the_page_shows_is_so(trying: Trying) -> None:
    """Each line of the output that is not cut is printed, in that order."""
    page = DOCS.read_text(encoding="utf-8")
    program = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    shown = re.search(r"```console\n\$ harness try words.py\n(.*?)```", page, re.DOTALL)
    assert program is not None
    assert shown is not None
    _, said = trying(trying.text("words.py", program[1]))
    printed = iter(line.rstrip() for line in said.splitlines())
    missing = [
        line
        for line in shown[1].splitlines()
        if "…" not in line and not any(line.rstrip() == each for each in printed)
    ]
    assert missing == []
