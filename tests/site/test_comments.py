"""Comments in code are Korean on Korean pages, and the code itself stays as it is."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from markupsafe import Markup, escape

from harness.language.declarations import Spec
from harness.language.discovery import find_examples, load_all
from harness.site.comments import WIDTH, columns, comments_of, translated, wrapped
from harness.site.data import read_sources
from harness.site.texts import comment_role, digest_of, faults_of_example, read_translations
from harness.values.program import Side
from tests.site.sample import CORPUS

PYTHON = '''"""What it does.

And why."""

# one
# two
def f() -> None:
    # 1. A step
    # that goes on
    """Says."""
    x = "# none"  # beside code

    # alone
'''
RUST = """//! What it does.
//!
//! And why.

/// Says.
// aside
fn f() {
    // 1. A step
    let x = "// none"; // beside code
    // alone
}
"""


def said(source: str, side: Side) -> list[tuple[int, int, str, str]]:
    """What is found: lines, sign, words."""
    found = comments_of(source, side)
    return [(c.start, c.end, c.sign, " ".join(c.text.split())) for c in found]


def test_comments_and_docstrings_of_python_are_found() -> None:
    """Not headings of steps, and not what stands beside code or in a text."""
    assert said(PYTHON, Side.PYTHON) == [
        (0, 3, '"""', "What it does. And why."),
        (4, 6, "#", "one two"),
        (9, 10, '"""', "Says."),
        (12, 13, "#", "alone"),
    ]


def test_comments_of_rust_are_found_by_their_sign() -> None:
    """Of the crate, of what follows, and plain ones."""
    assert said(RUST, Side.RUST) == [
        (0, 3, "//!", "What it does. And why."),
        (4, 5, "///", "Says."),
        (5, 6, "//", "aside"),
        (9, 10, "//", "alone"),
    ]


def test_a_translation_takes_the_place_of_its_comment() -> None:
    """In as many lines as it needs; what it says is escaped."""
    lines = [Markup("{}").format(line) for line in RUST.split("\n")]
    comments = comments_of(RUST, Side.RUST)
    korean = {comments[0].text: "<무엇>을 하는가. " * 20, "alone": "혼자"}
    shown = translated(lines, comments, korean)
    assert shown[1] is None
    assert shown[2] is None
    assert shown[3:9] == tuple(lines[3:9])
    assert shown[9] == '    <span class="c">// 혼자</span>'
    first = shown[0]
    assert first is not None
    rows = first.split("\n")
    assert len(rows) > 3
    assert all("//! " in row and escape("<무엇>") in first for row in rows)


def test_a_docstring_keeps_its_quotes() -> None:
    """Before the first line and behind the last."""
    (only,) = comments_of('"""A."""\n', Side.PYTHON)
    (line,) = translated([Markup()], [only], {"A.": "가"})
    assert line is not None
    assert line.unescape() == '<span class="s">"""가"""</span>'


def test_a_letter_of_korean_is_as_wide_as_two() -> None:
    """Lines are broken between words, and a word that is too long stays whole."""
    assert columns("a가") == 3
    assert wrapped("가나 다라 마바", 9) == ["가나 다라", "마바"]
    assert wrapped("abcdef gh", 3) == ["abcdef", "gh"]


def test_no_comment_is_wider_than_code_may_be() -> None:
    """Of all that the corpus has in Korean."""
    for spec in load_all(find_examples((CORPUS,))):
        korean = read_translations(spec).texts
        sources = read_sources(spec)
        for program in spec.programs:
            for comment in comments_of(sources[program.path], program.side):
                told = korean.get(comment_role(comment.text))
                room = WIDTH - len(comment.indent) - len(comment.sign)
                assert all(columns(row) <= room for row in wrapped(told[1] if told else "", room))


@pytest.mark.parametrize(("place", "is_korean"), [("", False), ("ko/", True)])
def test_korean_pages_alone_have_korean_comments(
    whole_site: Path, place: str, is_korean: bool
) -> None:
    """And a reader who copies the program gets it as it is."""
    page = (whole_site / place / "pairs/join.html").read_text(encoding="utf-8")
    code = "".join(re.findall(r"<pre><code>(.*?)</code></pre>", page, re.DOTALL))
    assert bool(re.search("[가-힣]", code)) == is_korean
    copied = re.findall(r"data-copy='(.*?)'", page, re.DOTALL)
    assert copied
    assert not re.search("[가-힣]", "".join(copied))


def test_a_translation_of_no_comment_is_superfluous(
    specs: tuple[Spec, ...], tmp_path: Path
) -> None:
    """And a comment needs none."""
    spec = next(each for each in specs if each.name == "spawn")
    korean = (spec.directory / "ko.toml").read_text(encoding="utf-8")
    (tmp_path / "ko.toml").write_text(
        re.sub(r'"comment .*\n', "", korean) + '"comment 00000000" = ["00000000", "없음"]\n'
    )
    (tmp_path / "text.toml").write_bytes((spec.directory / "text.toml").read_bytes())
    faults = faults_of_example(replace(spec, directory=tmp_path), read_sources(spec))
    assert [(f.kind, f.role) for f in faults] == [("superfluous", "comment 00000000")]
    assert comment_role("a\n b") == f"comment {digest_of('a b')}"
