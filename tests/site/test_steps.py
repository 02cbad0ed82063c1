"""Programs are cut into the steps that their comments mark, and equal steps stand side by side."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.site.steps import align, cut
from harness.site.views.programs import shown_numbers

CORPUS = Path(__file__).parents[2] / "examples"

PYTHON = '''\
"""What it shows."""

import threading


# 1. Define the work; a comment
#    may go on in the next line
def work() -> None:
    pass


def main() -> None:
    # 2. Do it
    work()


main()
'''
RUST = """\
// 1. Define the work
fn work() {
    inner();
}

fn main() {
    // 2. Do it
    work();
}
"""


def text_of(source: str, start: int, end: int) -> str:
    """Some lines of a source."""
    return "\n".join(source.split("\n")[start:end])


def test_a_step_has_its_heading_and_not_its_comment() -> None:
    """The text of the mark and of the comment lines after it is the heading."""
    step = next(piece for piece in cut(PYTHON) if piece.number == 1)
    assert step.heading == "Define the work; a comment may go on in the next line"
    assert text_of(PYTHON, step.start, step.end) == "def work() -> None:\n    pass"


def test_an_attribute_is_no_part_of_the_heading_above_it() -> None:
    """In Rust `#[…]` stands where a comment of Python might go on."""
    step = next(piece for piece in cut("// 1. Begin\n#[tokio::main]\nasync fn main() {}\n"))
    assert (step.heading, step.start) == ("Begin", 1)


def test_a_step_ends_with_the_definition_that_it_opens() -> None:
    """What comes after a definition at the left margin leads to the next step."""
    pieces = cut(PYTHON)
    assert [piece.number for piece in pieces] == [0, 1, 0, 2, 0]
    assert text_of(PYTHON, pieces[2].start, pieces[2].end) == "def main() -> None:"


def test_a_step_ends_where_its_block_does() -> None:
    """A line further left than the mark is no longer part of its step."""
    assert text_of(PYTHON, cut(PYTHON)[-1].start, cut(PYTHON)[-1].end) == "main()"


def test_a_closing_bracket_belongs_to_the_step_before() -> None:
    """The brace that closes main is no piece of its own."""
    last = cut(RUST)[-1]
    assert (last.number, text_of(RUST, last.start, last.end)) == (2, "    work();\n}")


def test_no_line_of_code_is_lost_or_doubled() -> None:
    """All pieces together are the whole source but for blank lines and headings."""
    for path in [*CORPUS.glob("*/*/*.py"), *CORPUS.glob("*/*/src/**/*.rs")]:
        source = path.read_text(encoding="utf-8")
        covered = [i for piece in cut(source) for i in range(piece.start, piece.end)]
        assert covered == sorted(set(covered)), path
        missing = set(range(len(source.split("\n")))) - set(covered)
        lines = [source.split("\n")[i].strip() for i in sorted(missing)]
        assert all(not line or line.startswith(("#", "//")) for line in lines), path


def test_equal_steps_stand_side_by_side() -> None:
    """Each row has the step of that number of both sides; what leads to it stands before."""
    rows = align([PYTHON, RUST])
    assert [row.number for row in rows] == [0, 1, 0, 2, 0]
    assert [(p is None) for p in rows[0].pieces] == [False, True]


def test_headings_that_differ_are_kept_apart() -> None:
    """A row has one heading only where both sides say the same."""
    rows = {row.number: row for row in align([PYTHON, RUST]) if row.number}
    assert (rows[1].heading, rows[2].heading) == ("", "Do it")
    assert rows[1].headings[1] == "Define the work"


def test_a_step_that_one_side_lacks_has_no_partner() -> None:
    """The other column stays empty, and nothing moves up."""
    rows = align([PYTHON, "// 2. Do it\nfn main() {}\n"])
    assert [p is None for p in next(r for r in rows if r.number == 1).pieces] == [False, True]


def test_a_program_without_marks_is_one_piece() -> None:
    """An example need not mark steps."""
    assert [(p.number, p.start, p.end) for p in cut("print(1)\n")] == [(0, 0, 1)]


def test_every_pair_of_the_corpus_has_the_same_steps_on_both_sides() -> None:
    """Both mains mark steps, and the same ones: that is what a page sets side by side."""
    for python in CORPUS.glob("*/*/main.py"):
        rust = python.parent / "src" / "main.rs"
        sides = [
            {p.number for p in cut(path.read_text(encoding="utf-8"))} for path in (python, rust)
        ]
        assert sides[0] - {0}, python
        assert sides[0] - {0} == sides[1] - {0}, python


def test_the_numbers_of_a_page_rise() -> None:
    """Also where a function with a later step stands above the main that calls it."""
    python = "import x\n\n\ndef work():\n    # 2. Work\n    x.y()\n\n\n"
    python += "def main():\n    # 1. Begin\n    work()\n"
    rows = align([python])
    assert [row.number for row in rows] == [0, 2, 0, 1]
    assert shown_numbers(rows) == (0, 1, 0, 2)


@pytest.mark.parametrize("name", ["check-then-act", "panic-in-thread", "waiting"])
def test_no_page_begins_with_a_later_step(whole_site: Path, name: str) -> None:
    """The programs of these pairs give a later number to what stands first."""
    page = (whole_site / "pairs" / f"{name}.html").read_text(encoding="utf-8")
    assert re.findall(r'<span class="step-number">(\d+)', page)[0] == "1"
