"""``{{#pair …}}`` in Markdown: where one is, what it asks for, and what is wrong with it."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from harness.books.directives import Directive, DirectiveFault, expand
from harness.values.program import Side


def _asked(text: str) -> list[Directive]:
    asked: list[Directive] = []

    def show(directive: Directive) -> str:
        asked.append(directive)
        return "SHOWN"

    assert () == expand(text, show).faults
    return asked


def _faults(text: str) -> tuple[DirectiveFault, ...]:
    found = expand(text, lambda _: "SHOWN")
    assert "SHOWN" not in found.text
    return found.faults


def test_a_directive_says_what_it_wants() -> None:
    """A pair, and what of it."""
    line = "{{#pair a/b step=2 side=rust program=late transcript=yes}}"
    (asked,) = _asked(f"# T\n\n{line}\n")
    assert asked == Directive(
        text=line, name="a/b", step=2, side=Side.RUST, program="late", transcript=True
    )
    assert asked.wants_transcript
    assert [False, True] == [
        _asked(f"{{{{#pair b{words}}}}}")[0].wants_transcript for words in (" anchor=x", "")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "```text\n{{#pair b}}\n```\n",
        "    {{#pair b}}\n",
        "as in `{{#pair b}}`\n",
        "<!-- {{#pair b}} -->\n",
        "\\{{#pair b}}\n",
        "{{#include b.md}}\n",
    ],
)
def test_what_is_code_or_a_comment_stays(text: str) -> None:
    """A book can show how a directive is written."""
    assert (text, []) == (expand(text, lambda _: "SHOWN").text, _asked(text))


def test_what_is_shown_stands_for_itself() -> None:
    """Between blank lines, within the paragraph's lines, and as deep in a list."""
    text = "Both:\n{{#pair b}}\nAnd.\n\n- one\n\n  {{#pair b}}\n"
    found = expand(text, lambda _: "P\n\n```\nx\n```")
    assert found.text == (
        "Both:\n\nP\n\n```\nx\n```\n\nAnd.\n\n- one\n\n\n  P\n\n  ```\n  x\n  ```\n\n"
    )
    fences = [token for token in MarkdownIt().parse(found.text) if token.type == "fence"]
    assert ["x\n", "x\n"] == [token.content for token in fences]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("\n\nsee {{#pair b}} here\n", 3, "a line of its own"),
        ("# {{#pair b}}\n", 1, "a line of its own"),
        ("> {{#pair b}}\n", 1, "a line of its own"),
        ("<div>\n{{#pair b}}\n</div>\n", 2, "a line of its own"),
        ("{{#pair}}\n", 1, "expected the name of a pair"),
        ("{{#pair b stp=2}}\n", 1, '"stp=2" is no option (did you mean "step"?)'),
        ("{{#pair b step}}\n", 1, 'expected step=VALUE, found "step"'),
        ("{{#pair b step=0}}\n", 1, 'step: expected the number of a step, found "0"'),
        ("{{#pair b side=go}}\n", 1, 'side: expected "python", "rust", found "go"'),
        ("{{#pair b side=rust side=rust}}\n", 1, '"side" is given twice'),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, said: str) -> None:
    """And nothing is put there."""
    (fault,) = _faults(text)
    assert line == fault.line
    assert said in fault.message
