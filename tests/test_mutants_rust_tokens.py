"""The lexer that Rust mutants are made with: what is text is never taken for code."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.proof.mutants.rust_tokens import RustSource, TokenKind, tokens_of

EXAMPLES = Path(__file__).parent.parent / "examples"


def _kinds(text: str) -> list[tuple[TokenKind, str]]:
    return [
        (token.kind, token.text) for token in tokens_of(text) if token.kind is not TokenKind.SPACE
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('"a \\" b // no comment"', TokenKind.STRING),
        ('r#"a " b"#', TokenKind.STRING),
        ('br##"a "# b"##', TokenKind.STRING),
        ('b"bytes"', TokenKind.STRING),
        ('c"text"', TokenKind.STRING),
        ('"two\nlines"', TokenKind.STRING),
        ("'a'", TokenKind.CHARACTER),
        ("'\\''", TokenKind.CHARACTER),
        ("'\\u{1F600}'", TokenKind.CHARACTER),
        ("b'\\x7f'", TokenKind.CHARACTER),
        ("'\"'", TokenKind.CHARACTER),
        ("'static", TokenKind.LIFETIME),
        ("r#match", TokenKind.WORD),
        ("/* one /* two */ still */", TokenKind.COMMENT),
        ("// move || {", TokenKind.COMMENT),
        ("1_000u64", TokenKind.NUMBER),
        ("0xFF_u8", TokenKind.NUMBER),
        ("1.5e-3", TokenKind.NUMBER),
    ],
)
def test_one_token(text: str, kind: TokenKind) -> None:
    """Each of these is one token of its kind."""
    assert _kinds(text) == [(kind, text)]


def test_a_range_is_no_decimal_number() -> None:
    """``0..10`` is a number, a range and a number."""
    assert [text for _, text in _kinds("0..10")] == ["0", "..", "10"]


def test_a_lifetime_is_no_open_character() -> None:
    """What follows a lifetime is code again."""
    assert [text for _, text in _kinds("&'a str, 'b'")] == ["&", "'a", "str", ",", "'b'"]


def test_brackets_in_texts_match_nothing() -> None:
    """Only brackets of code have partners."""
    source = RustSource("f(\"}\", '}', /* } */ { 1 })")
    pairs = {(source.at(a), source.at(b)) for a, b in source.pair.items()}
    assert pairs == {("(", ")"), (")", "("), ("{", "}"), ("}", "{")}


def test_attributes_are_left_out() -> None:
    """What stands in an attribute is no code that could be changed."""
    source = RustSource("#![allow(dead_code)]\n#[repr(align(8))]\nstruct S;")
    assert [token.text for token in source.tokens] == ["struct", "S", ";"]


@given(st.text(alphabet="ab01'\"\\/*#r{}()[]<>.=!|&-\n ", max_size=60))
def test_tokens_are_the_whole_source(text: str) -> None:
    """Whatever the text, its tokens put together are the text again."""
    assert "".join(token.text for token in tokens_of(text)) == text


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("src/**/*.rs")), ids=lambda p: p.parts[-3])
def test_every_bracket_of_the_corpus_has_a_partner(path: Path) -> None:
    """In a program that compiles, each bracket of code is matched."""
    source = RustSource(path.read_text(encoding="utf-8"))
    brackets = {n for n, token in enumerate(source.tokens) if token.text in set("()[]{}")}
    assert brackets == source.pair.keys()
