"""Every command keeps to 80 columns, in a pipe and on a terminal of so many.

Excepted are what programs and compilers have printed, code, and what has no blank to break at.
"""

from __future__ import annotations

import fcntl
import os
import re
import struct
import subprocess
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.cli import COMMANDS
from harness.language.properties.registry import FAMILIES
from harness.reports.styled import width_of
from tests.hostile.trials import STATE, command
from tests.test_cli_processes import HARNESS

NAME = "a-name-that-is-as-long-as-names-of-examples-come"
SPEC = """
title   = "A title that says at some length what a reader of this one example is going to see"
summary = "Two threads, of which one says what the other has said, in an order that nobody chose."
[events]
told = "told {n:d} by {who}"
[always.each-of-both-tells-what-it-has-been-told-before]
why   = "what the first has been told is what the second will be told, and neither tells others"
count = { of = "told", is = 2 }
[always.the-first-comes-before-the-second-whoever-is-asked]
why   = "a lock lets the second wait until the first has told all that there is to be told of it"
order = { chain = ["told[n=1]", "told[n=2]"] }
"""
BREAKS = """
["told three times by whoever comes first of both"]
breaks = ["each-of-both-tells-what-it-has-been-told-before"]
why    = "one that tells twice what it should tell once has not been told that it was told"
python = { replace = "range(2)", with = "range(3)" }
"""
PROGRAM = """import threading
import time


def tell(number: int) -> None:
    if number == 1:
        time.sleep(0.001)
    print(f"told {number} by {threading.current_thread().name}")


threads = [
    threading.Thread(target=tell, args=(n + 1,), name=f"t{n}") for n in range(2)
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""
"""Told in the wrong order by most runs."""
TASK = f"""[{NAME}]
task   = "Let nobody tell what he has not been told, and let all be told who have not told it."
python = "told three times by whoever comes first of both"
"""

FEW = ("--runs", "2", "--schedules", "4")
CALLS = {
    "verify": ("verify", "-v", *FEW, "--report", "json=report.json"),
    "list": ("list",),
    "show": ("show", NAME),
    "break": ("break", NAME, "--schedules", "4"),
    "run": ("run", NAME),
    "run controlled": ("run", NAME, "--schedule", "random:1"),
    "mend": ("mend",),
    "try": ("try", f"examples/a-topic-with-a-name-of-some-length/{NAME}/main.py", *FEW[2:]),
    "explore": ("explore", NAME, "--schedules", "8"),
    "explore all": ("explore", NAME, "--systematic", "--schedules", "8"),
    "check": ("check", NAME, "printed", "--side", "python"),
    "init": ("init", "begun"),
    "new": ("new", "another-topic-with-a-long-name/another-example-with-a-long-name"),
    "lock": ("lock",),
    "propose": ("propose", NAME, *FEW),
    "adopt": ("adopt", "chapter.md", "--corpus", "draft", *FEW),
    "audit": ("audit", NAME, *FEW),
    "mutate": ("mutate", NAME, *FEW, "--most", "2"),
    "evidence": ("evidence",),
    "evidence of one": ("evidence", NAME),
    "rejudge": ("rejudge",),
    "merge": ("merge", "report.json"),
    "doctor": ("doctor",),
    "explain": ("explain",),
    **{f"explain {family}": ("explain", family) for family in FAMILIES},
    **{f"{name} --help": (name, "--help") for name in COMMANDS},
}
STATELESS = {"list", "show", "check", "init", "new", "merge", "explain", "mend"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of one example with long names and sentences, and what the calls want beside it."""
    place = tmp_path_factory.mktemp("c")
    directory = place / "examples" / "a-topic-with-a-name-of-some-length" / NAME
    directory.mkdir(parents=True)
    (directory / "example.toml").write_text(SPEC, encoding="utf-8")
    (directory / "breaks.toml").write_text(BREAKS, encoding="utf-8")
    (directory / "main.py").write_text(PROGRAM, encoding="utf-8")
    (place / "examples" / "mend.toml").write_text(TASK, encoding="utf-8")
    (place / "printed").write_text("told 1 by a\n" + "told 1 by somebody " * 9, encoding="utf-8")
    chapter = "# A chapter\n\n```python\n" + PROGRAM + "```\n\n```text\ntold 2 by t1\n```\n"
    (place / "chapter.md").write_text(chapter, encoding="utf-8")
    return place


def _words(name: str) -> tuple[str, ...]:
    words = CALLS[name]
    has_state = words[0] not in STATELESS and "--help" not in words
    return (*words, *(("--state-dir", str(STATE)) if has_state else ()))


def _too_long(text: str, code: str = "\0") -> Iterator[str]:
    for line in text.splitlines():
        if line.startswith(code):
            continue
        bare = line.strip()
        if width_of(line.rstrip()) > 80 and " " in bare[: 80 - (len(line) - len(line.lstrip()))]:
            yield line


@pytest.mark.parametrize("name", CALLS)
def test_no_line_is_longer_in_a_pipe(
    place: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is any that tells of a program with long names."""
    monkeypatch.chdir(place)
    told = command(*_words(name))
    assert told.is_clean, told.text
    assert told.code in {0, 1}, told.text
    assert told.out
    is_reference = name.startswith("explain ")
    assert [] == list(_too_long(told.out, code=" " * 4 if is_reference else "\0"))


ON_A_TERMINAL = ("verify", "list", "show", "evidence", "doctor")


@pytest.mark.parametrize("name", ON_A_TERMINAL)
def test_no_line_is_longer_on_a_terminal(place: Path, name: str) -> None:
    """With colours, and while a bar is shown."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    with subprocess.Popen(
        (*HARNESS, *_words(name)),
        cwd=place,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env={**environment, "TERM": "xterm"},
    ) as call:
        os.close(theirs)
        text = _read(ours)
    assert call.returncode in {0, 1}, text
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
    assert [] == list(_too_long(shown.replace("\r", "\n")))


def _read(terminal: int) -> str:
    pieces = []
    with os.fdopen(terminal, "rb", buffering=0) as stream:
        try:
            while piece := stream.read(65536):
                pieces.append(piece)
        except OSError:  # so ends a terminal that nobody writes to any more
            pass
    return b"".join(pieces).decode("utf-8")
