"""A chapter becomes a draft corpus, and what it prints is held against its programs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from harness.books.adopt.blocks import blocks_of, found_in, name_of
from harness.books.adopt.printing import impossible_by_prints
from harness.books.adopt.wholeness import made_whole
from harness.cli import run_command_line
from harness.language.discovery import find_examples, load_all
from harness.values.errors import ExitCode
from harness.values.program import Side

BOOK = Path(__file__).parent / "book" / "two-at-once.md"
QUICK = ("--runs", "2", "--schedules", "16")


# --- blocks --------------------------------------------------------------------------


def test_programs_of_one_section_are_a_pair() -> None:
    """What stands behind a program is printed by it; what a pair prints once, by both."""
    found = found_in(blocks_of(BOOK.read_text(encoding="utf-8")))
    told = {
        each.title: ({side.value for side in each.programs}, {s.value for s in each.printed})
        for each in found
    }
    both = {"python", "rust"}
    assert told == {
        "Waiting for a thread": (both, both),
        "Two greetings": (both, both),
        "How long it takes": ({"python"}, {"python"}),
        "What is not moved": ({"rust"}, {"rust"}),
        "A fragment that lacks too much": ({"rust"}, set()),
    }
    lines = BOOK.read_text(encoding="utf-8").splitlines()
    assert all(
        lines[block.line - 1] == block.text.splitlines()[0]
        for each in found
        for block in each.programs.values()
    )
    (moved,) = (each for each in found if each.title == "What is not moved")
    assert moved.printed[Side.RUST].text.startswith("error[E0373]")


def test_a_block_that_names_no_language_is_known_by_its_text() -> None:
    """A chapter may indent its code, or fence it without a word."""
    rest = "```\nfn main() {}\n```\n\n```\n1\n```\n\n```go\n1\n```\n"
    chapter = f"# A\n\n    import time\n    print(1)\n\n{rest}"
    assert ["PYTHON", "RUST", "PRINTED"] == [block.kind.name for block in blocks_of(chapter)]


def test_names_are_made_of_titles() -> None:
    """As directories and crates can be called, each once."""
    assert "gil-contention" == name_of("GIL 경합(contention) 문제", (), "t-1")
    assert "t-1" == name_of("스레드와 소유권", (), "t-1")
    assert "join-3" == name_of("join", ("join", "join-2"), "t-1")
    assert "async-pair" == name_of("async", (), "t-1")


# --- wholeness ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("side", "fragment", "whole"),
    [
        (
            Side.PYTHON,
            "    for i in range(3):\n    sleep(1)\n",
            "from time import sleep\n\nfor i in range(3):\n    pass\nsleep(1)\n",
        ),
        (Side.PYTHON, "sleep = print\nsleep(1)\n", "sleep = print\nsleep(1)\n"),
        (Side.RUST, 'println!("1");\n', 'fn main() {\n    println!("1");\n}\n'),
        (
            Side.RUST,
            "# use std::thread;\nfn main() {\n    thread::spawn(|| {\n        work(\n",
            "use std::thread;\nfn main() {\n    thread::spawn(|| {\n        work(\n)\n});\n}\n",
        ),
        (
            Side.RUST,
            "fn main() {\n    Arc::new(std::sync::Mutex::new(1));\n}\n",
            "use std::sync::Arc;\n\nfn main() {\n    Arc::new(std::sync::Mutex::new(1));\n}\n",
        ),
    ],
)
def test_a_fragment_is_made_whole(side: Side, fragment: str, whole: str) -> None:
    """By what is known: bodies, imports, brackets, main; each is noted."""
    made = made_whole(side, fragment)
    assert whole == made.text
    assert bool(made.notes) == (made.text.strip() != fragment.strip())


# --- what can be printed at all ---------------------------------------------------------

PRINTS = 'print(f"at {time:.3f} of {n:d}: {what}", 1, sep="-")\nprint("done", end="")\n'


@pytest.mark.parametrize(
    ("printed", "line"),
    [
        ("at 0.250 of 3: x-1\ndone\n", 0),
        ("done", 0),
        ("at 1.000 of 1: at 1.000 of 1: a-1\n1-\n", 0),  # two threads, in between one another
        ("done\nat 0.25 of 3: x-1\n", 2),
        ("at 1.250 of many: x\n", 1),
        ("over\n", 1),
    ],
)
def test_only_what_prints_write_can_be_printed(printed: str, line: int) -> None:
    """In any order and number, as threads may; what fields hold, as far as they say."""
    found = impossible_by_prints(Side.PYTHON, PRINTS, printed)
    told = (found.line, found.text) if found else (0, "")
    assert (line, printed.splitlines()[line - 1] if line else "") == told


@pytest.mark.parametrize(
    "source",
    [
        'import sys\nsys.stdout.write("x")\n',
        "import os\n",
        "say = print\nsay(2)\n",
        'exec("print(2)")\n',
        "print(*range(3))\n",
        "class C:\n    def __format__(self, spec):\n        return 'x'\nprint(f'{C():d}')\n",
    ],
)
def test_nothing_is_claimed_of_what_prints_do_not_tell(source: str) -> None:
    """There are other ways to write."""
    assert impossible_by_prints(Side.PYTHON, source, "anything\n") is None


def test_what_rust_prints() -> None:
    """A line at a time; a panic's report is not among its prints."""
    source = 'fn main() {\n    println!("{{{}}} of {n:>3}");\n    print!("a\\tb");\n}\n'
    for printed in ("{x} of   3\n", "a\tb", "{} of \na\tba\tb\n"):
        assert impossible_by_prints(Side.RUST, source, printed) is None
    found = impossible_by_prints(Side.RUST, source, "a\tbx of 3\n{x} of 3\n")
    assert found is not None
    assert 1 == found.line
    panicked = "thread 'main' panicked at src/main.rs:2:5\n"
    assert impossible_by_prints(Side.RUST, source, panicked) is None
    for other in ("dbg!(1)", 'writeln!(out, "x")', "unsafe { go() }", "println!(concat!(1))"):
        text = f"fn main() {{ {other}; }}"
        assert impossible_by_prints(Side.RUST, text, "anything\n") is None


# --- the command ------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("cargo") is None, reason="needs cargo")
def test_a_book_is_adopted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its draft verifies; each printed output is seen, or impossible for a reason."""
    monkeypatch.chdir(tmp_path)
    assert ExitCode.OK == run_command_line(["adopt", str(BOOK), *QUICK])
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert 1 == " ".join(out.split()).count("; of the program as it is made whole here")
    said = " ".join(out.split())
    assert re.search(r"printed at line 21 \(python\): seen, in (\d+) of \1 runs", said)
    for told in (
        "printed at line 42 (rust): impossible, since none of all its ",
        'since no print of the program gives its line 1, "Elapsed: 0.4786410331726074"',
        "printed at line 107 (rust): seen, rustc ",
        "left out rust: added: fn main() around it rust: fragment.rs does not compile: E0425",
        "5 examples, 2 of them pairs; 6 printed outputs:",
    ):
        assert told in said
    specs = load_all(find_examples((tmp_path / "examples",)))
    assert ["how-long-it-takes", "two-greetings", "waiting-for-a-thread", "what-is-not-moved"] == (
        sorted(spec.name for spec in specs)
    )
    assert ExitCode.OK == run_command_line(["verify", "--runs", "1", "--schedules", "4"])


def test_what_no_run_shows_and_nothing_refutes_is_not_called_impossible(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said how many runs there were, and what of all that held in them it breaks."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.md").write_text(
        "```python\nimport random\nprint(random.random())\n```\n\n```\n0.5\n```\n\n"
        "# 2\n\n```python\nimport os\nprint(1)\nprint(2)\n```\n\n```\n2\n1\n```\n"
    )
    assert ExitCode.OK == run_command_line(["adopt", "page.md", "--runs", "3", "--schedules", "0"])
    said = " ".join(capsys.readouterr().out.split())
    assert "printed at line 7 (python): not seen, in 3 runs (3 plain, 0 controlled)" in said
    assert "line 19 (python): not seen, in 3 runs (3 plain, 0 controlled); it breaks " in said
    assert "page/page-1" in said


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--topic", "../x"], ExitCode.USAGE),
        ([], ExitCode.NOTHING_SELECTED),
    ],
)
def test_what_cannot_be_adopted_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: ExitCode
) -> None:
    """And nothing is written."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.md").write_text("# Nothing\n")
    assert code == run_command_line(["adopt", "page.md", *words])
    assert ["page.md"] == [path.name for path in tmp_path.iterdir()]
