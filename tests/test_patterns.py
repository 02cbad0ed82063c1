"""Patterns: the notation, what it refuses, what it reads, and how long it takes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from harness.language.patterns import (
    Field,
    FieldKind,
    Matcher,
    Pattern,
    PatternError,
    compile_pattern,
    nearest_miss,
)
from harness.values.program import EventSpec, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

WORD_LISTS = {"colour": ("red", "green", "reddish")}


def pattern(
    text: str, name: str = "event", words: Mapping[str, tuple[str, ...]] | None = None
) -> Pattern:
    """Return the compiled pattern."""
    return compile_pattern(EventSpec(name=name, pattern=text, words=words or {}))


@pytest.mark.parametrize(
    ("text", "line", "values"),
    [
        ("done", "done", ()),
        ("worker: {i:d}", "worker: 12", (12,)),
        ("worker: {i:d}", "worker: -12", (-12,)),
        ("took {t:f} s", "took 0.25 s", (0.25,)),
        ("took {t:f}.", "took 1.5.", (1.5,)),
        ("took {t:f}", "took 1e-05", (1e-05,)),
        ("took {t:f}", "took +3", (3.0,)),
        ("{w:w} begins", "ada_1 begins", ("ada_1",)),
        ("{w:w}_done", "a_b_done", ("a_b",)),
        ("got {x}", "got a, b and c", ("a, b and c",)),
        ("{x}: {y}", "a: b: c", ("a", "b: c")),
        ("{x}aab{i:d}", "aaaab1", ("aa", 1)),
        ("{{{i:d}}}", "{7}", (7,)),
        ("a{{b}}c.*", "a{b}c.*", ()),
        ("{a:d}-{b:d}", "1--2", (1, -2)),
        ("light: {colour}", "light: reddish", ("reddish",)),
        ("light: {colour:w}!", "light: green!", ("green",)),
        ("{colour}{n:d}", "red5", ("red", 5)),
        ("{a:d} {b:w} {c:f} {d}", "1 b 2.5 x y", (1, "b", 2.5, "x y")),
        ("\x1b[{i:d}m\r", "\x1b[3m\r", (3,)),
    ],
)
def test_a_line_is_read(text: str, line: str, values: tuple[Value, ...]) -> None:
    """A pattern reads the fields of a line, each as its kind says."""
    words = WORD_LISTS if "{colour" in text else None
    assert values == pattern(text, words=words).match(line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("done", "done "),
        ("done", " done"),
        ("done", "Done"),
        ("done", "done\n"),
        ("a.c", "abc"),
        ("worker: {i:d}", "worker: 1.5"),
        ("worker: {i:d}", "worker: +1"),
        ("worker: {i:d}", "worker: "),
        ("worker: {i:d}", "worker: \u0661"),
        ("worker: {i:d}", "worker: " + "1" * 641),
        ("took {t:f}", "took .5"),
        ("took {t:f}", "took nan"),
        ("{w:w} begins", "a-b begins"),
        ("{w:w} begins", "é begins"),
        ("got {x}", "got "),
        ("got {x}", "got a\n"),
        ("{x}: {y}", ": b"),
        ("{x}b", "bb"),
        ("{x}.", "a. b."),
        ("light: {colour}", "light: blue"),
        ("light: {colour}", "light: reddis"),
    ],
)
def test_a_line_is_not_read(text: str, line: str) -> None:
    """A pattern is anchored, its literals are literal, and its fields hold their kind only."""
    words = WORD_LISTS if "{colour" in text else None
    assert pattern(text, words=words).match(line) is None


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("x" * 1001, 1000, "the pattern is longer than 1000 characters"),
        (
            "a {i:q}",
            2,
            (
                'unknown kind "q" of field "i"; expected d (integer), f (decimal number), '
                "w (one word), or none (text)"
            ),
        ),
        ("a {}", 2, "a field without a name; write {name}"),
        ("a {:d}", 2, "a field without a name; write {name:d}"),
        ("{0}", 0, '"0" is no name for a field; use letters, digits and _'),
        ("{a.b}", 0, '"a.b" is no name for a field; use letters, digits and _'),
        ("{i:d} {i:d}", 6, 'field "i" is there twice'),
        ("a {i:d", 2, 'unbalanced "{"; write "{{" for the character itself'),
        ("a }", 2, 'unbalanced "}"; write "}}" for the character itself'),
        ("{a{b}}", 0, 'unbalanced "{"; write "{{" for the character itself'),
        (
            "{x}{y}",
            3,
            'nothing says where text field "x" ends; put a literal between it and "y"',
        ),
        (
            "{x}{i:d}",
            3,
            'nothing says where text field "x" ends; put a literal between it and "i"',
        ),
        ("ab\ncd", 2, "a line break; an event is one line"),
        (
            "at {a:w}_{b:w}",
            3,
            (
                'the line "at a__a" can be read in two ways: a = "a_", b = "a", or '
                'a = "a", b = "_a"; '
                "put a literal between the fields that none of them can hold"
            ),
        ),
        (
            "{a:d}{b:d}",
            0,
            (
                'the line "000" can be read in two ways: a = "00", b = "0", or a = "0", b = "00"; '
                "put a literal between the fields that none of them can hold"
            ),
        ),
    ],
)
def test_a_faulty_pattern_is_refused(text: str, position: int, reason: str) -> None:
    """What the notation does not allow is refused, with the reason and the place."""
    with pytest.raises(PatternError) as caught:
        pattern(text)
    assert (position, reason) == (caught.value.position, caught.value.reason)
    assert f"column {position + 1}: {reason}" == str(caught.value)


@pytest.mark.parametrize(
    ("text", "words", "reason"),
    [
        ("{c}", {"d": ("a",)}, 'words are listed for "d", which is no field of it'),
        ("{c}", {"c": ()}, 'the list of words of field "c" is empty'),
        ("{c}", {"c": ("a", "")}, 'a word of field "c" is empty or breaks the line'),
        ("{c}", {"c": ("a\nb",)}, 'a word of field "c" is empty or breaks the line'),
        ("{c}", {"c": ("a", "a")}, '"a" is twice among the words of field "c"'),
        ("{c:w}", {"c": ("a b",)}, '"a b" of field "c" is not one word, as :w asks'),
        ("{c:d}", {"c": ("1",)}, 'field "c" is a number, and cannot have a list of words'),
    ],
)
def test_a_faulty_list_of_words_is_refused(
    text: str, words: dict[str, tuple[str, ...]], reason: str
) -> None:
    """A list of words has to belong to a field that can hold each of them."""
    with pytest.raises(PatternError) as caught:
        pattern(text, words=words)
    assert reason == caught.value.reason


def test_fields_are_told() -> None:
    """A pattern tells its fields in the order of the line, with kinds and words."""
    compiled = pattern("{a:d} {colour}", words=WORD_LISTS)
    assert ("a", "colour") == compiled.names
    assert (
        Field("a", FieldKind.INTEGER, (), 0),
        Field("colour", FieldKind.CHOICE, WORD_LISTS["colour"], 6),
    ) == compiled.fields


def test_a_matcher_tells_the_event() -> None:
    """One expression tells which of several events a line is, and reads its fields."""
    matcher = Matcher(
        [
            pattern("go", "start"),
            pattern("go {a:d} {b} {c:f}", "three"),
            pattern("go {w:w}", "word"),
            pattern("went {a}, {b:d}", "two"),
            pattern("stop", "end"),
        ]
    )
    lines = ["go", "go 1 x 2.5", "go there", "went far, 3", "stop", "halt", ""]
    assert [
        ("start", ()),
        ("three", (1, "x", 2.5)),
        ("word", ("there",)),
        ("two", ("far", 3)),
        ("end", ()),
        None,
        None,
    ] == [matcher.recognise(line) for line in lines]


def test_the_pieces_of_a_matcher_agree_with_it() -> None:
    """The bound method and the table, as a loop uses them, give what ``recognise`` gives."""
    matcher = Matcher([pattern("a {i:d}", "a"), pattern("b {i:d} {x}", "b")])
    match = matcher.match("b 4 y")
    assert match is not None
    assert match.lastindex is not None
    event, convert = matcher.table[match.lastindex]
    assert ("b", (4, "y")) == (event, convert(match)) == matcher.recognise("b 4 y")


def test_a_matcher_of_no_events_recognises_nothing() -> None:
    """A program that declares no events prints none."""
    assert [None, None] == [Matcher([]).recognise(line) for line in ("", "x")]


# --- round trips ------------------------------------------------------------------

_FIELDS: dict[str, tuple[str, st.SearchStrategy[Any]]] = {
    "d": (":d", st.integers()),
    "f": (":f", st.floats(allow_nan=False, allow_infinity=False)),
    "w": (":w", st.text("abz09_", min_size=1)),
    "": ("", st.text(min_size=1)),
}
_LITERALS = st.text(st.sampled_from("ab.0_-{} (:"), min_size=1, max_size=4)


@st.composite
def rendered(draw: st.DrawFn) -> tuple[str, tuple[Value, ...]]:
    """Draw the text of a pattern, and values for its fields."""
    text = draw(_LITERALS | st.just(""))
    values = []
    for number in range(draw(st.integers(0, 4))):
        kind, strategy = draw(st.sampled_from(list(_FIELDS.values())))
        values.append(draw(strategy))
        literal = draw(_LITERALS).replace("{", "{{").replace("}", "}}")
        text += f"{{f{number}{kind}}}{literal}"
    return text, tuple(values)


@given(rendered())
def test_what_is_rendered_is_read(drawn: tuple[str, tuple[Value, ...]]) -> None:
    """A line that is rendered from values is read as these values, alone and by a matcher."""
    text, values = drawn
    try:
        compiled = pattern(text)
        line = compiled.render(values)
    except (PatternError, ValueError):
        assume(False)
    assert values == compiled.match(line)
    assert ("event", values) == Matcher([pattern("other {x}", "other"), compiled]).recognise(line)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("{i:d}", ()),
        ("{i:d}", (1, 2)),
        ("{i:d}", ("a",)),
        ("{t:f}", (float("inf"),)),
        ("{x}, {y}", ("a, b", "c")),
        ("{x}", ("",)),
        ("{x}", ("a\nb",)),
    ],
)
def test_what_could_not_be_read_is_not_rendered(text: str, values: tuple[Value, ...]) -> None:
    """Values that no line of the event holds are refused."""
    with pytest.raises(ValueError, match='no line of event "event" holds'):
        pattern(text).render(values)


# --- time -------------------------------------------------------------------------

_ADVERSARIES: dict[str, Callable[[int], str]] = {
    "letters": lambda n: "a" * n,
    "digits": lambda n: "1" * n,
    "stops": lambda n: "aab" * (n // 3),
    "nearly": lambda n: "aa" * (n // 2) + "c",
    "underscores": lambda n: "_" * n,
    "numbers": lambda n: "1.1e1" * (n // 5),
    "spaces": lambda n: "a 1 " * (n // 4),
}
_ATTACKED = [
    "{a:w}_done {b:w}_done",
    "{x}aab{y}aab{z}aac",
    "{x}a{y}a{z}b",
    "{t:f}.{i:d}e{j:d}",
    "{a:d} {b:d} {c:w} {d}!",
    "{a}aaaaaaaaaaab",
    "{a:w} {b} {c:w} {d} {e:w}",
    "{a:w}.{b:w}.{c:w}!",
]


@pytest.mark.parametrize("text", _ATTACKED)
def test_no_line_takes_more_than_linear_time(text: str) -> None:
    """A line of 100,000 characters costs a small multiple of a linear pass, whatever it holds."""
    compiled = pattern(text)
    spent = []
    for adversary in _ADVERSARIES.values():
        line = adversary(100_000)
        started = time.process_time()
        compiled.match(line)
        spent.append(time.process_time() - started)
    assert max(spent) < 0.25


def test_an_alternation_takes_no_longer_than_its_parts() -> None:
    """A matcher of many patterns gives a long line up as quickly as each of them does."""
    matcher = Matcher([pattern(text, f"e{number}") for number, text in enumerate(_ATTACKED)])
    started = time.process_time()
    for adversary in _ADVERSARIES.values():
        matcher.recognise(adversary(100_000))
    assert time.process_time() - started < 2


# --- nearest miss -----------------------------------------------------------------

_EVENTS = [
    pattern("Hello, can you hear me?: {i:d}", "worker"),
    pattern("Hello from the main thread: {i:d}", "main"),
    pattern("took {t:f} seconds.", "time"),
    pattern("light: {colour} by {who:w}", "light", {"colour": ("red", "green")}),
    pattern("{x} is said", "said"),
]


@pytest.mark.parametrize(
    ("line", "phrase"),
    [
        (
            "Hello, can you hear me?: x",
            (
                'nearest: worker = "Hello, can you hear me?: {i:d}"; differs at column 26: '
                'expected a whole number, found "x"'
            ),
        ),
        (
            "hello from the main thread: 3",
            (
                'nearest: main = "Hello from the main thread: {i:d}"; differs at column 1: '
                'expected "Hello from the main thre…", found "hello from the main thre…"'
            ),
        ),
        (
            "Hello from the main thread: 3 times",
            (
                'nearest: main = "Hello from the main thread: {i:d}"; differs at column 30: '
                'expected the end of the line, found " times"'
            ),
        ),
        (
            "took ages.",
            (
                'nearest: time = "took {t:f} seconds."; differs at column 6: '
                'expected a number, found "ages."'
            ),
        ),
        (
            "took 1.5 second.",
            'nearest: time = "took {t:f} seconds."; differs at column 16: expected "s.", found "."',
        ),
        (
            "light: blue by ada",
            (
                'nearest: light = "light: {colour} by {who:w}"; differs at column 8: '
                'expected one of "red", "green", found "blue by ada"'
            ),
        ),
        (
            "light: red by ",
            (
                'nearest: light = "light: {colour} by {who:w}"; differs at column 15: '
                "expected a word, found the end of the line"
            ),
        ),
        (
            "took 1.5 seconds.\r",
            (
                'nearest: time = "took {t:f} seconds."; differs at column 18: '
                'expected the end of the line, found "\\x0d"'
            ),
        ),
        ("", 'an empty line is an event where one has the empty pattern: blank = ""'),
    ],
)
def test_the_nearest_miss_is_told(line: str, phrase: str) -> None:
    """For a line that is no event, the nearest pattern is named, and where they differ."""
    assert phrase == nearest_miss(line, _EVENTS)


def test_the_nearest_miss_among_no_patterns() -> None:
    """Where no events are declared, that is what is said."""
    assert nearest_miss("x", []) == "the spec declares no events"


def test_the_nearest_miss_of_a_huge_line_is_quick() -> None:
    """The nearest miss of ten million characters is found by its beginning."""
    started = time.process_time()
    phrase = nearest_miss("Hello, can you hear me?: 1" + "x" * 10_000_000, _EVENTS)
    assert time.process_time() - started < 1
    assert phrase.endswith('expected the end of the line, found "xxxxxxxxxxxxxxxxxxxxxxxx…"')
