"""What findings say is told in Korean: every phrase that the harness can make is known."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.site.phrases_ko import alternatives_in_korean, phrase_in_korean
from harness.site.words import words_of

HARNESS = Path(__file__).parents[2] / "harness"
SOURCES = (
    *sorted((HARNESS / "properties").glob("*.py")),
    HARNESS / "closed_world.py",
    HARNESS / "toolchains" / "conditions.py",
)
SUFFIXES = {"where", "place", "reason", "more"}
"""What may stand at the end of a phrase, and may be empty."""


def phrases() -> Iterator[str]:
    """The texts of violations and marks in the sources, and the reasons of conditions."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="Violation" | "Mark"), keywords=keywords):
                    yield from filter(None, (sample(keyword.value) for keyword in keywords))
                case ast.Assign(targets=[ast.Name(id="message")], value=value):
                    yield from filter(None, [sample(value)])
                case ast.Return(value=ast.JoinedStr() as value) if path.name == "conditions.py":
                    yield from filter(None, [sample(value)])
                case _:
                    pass


def sample(node: ast.expr) -> str:
    """The text with something in each gap; empty if it is no text, or has no words of its own."""
    match node:
        case ast.Constant(value=str(text)):
            return text if _WORD.search(text) else ""
        case ast.JoinedStr(values=values):
            own = [str(value.value) for value in values if isinstance(value, ast.Constant)]
            has_words = _WORD.search("".join(own)) and " = " not in own
            return "".join(map(_part, values)) if has_words else ""
        case _:
            return ""


_WORD = re.compile("[a-z]{2}")


def _part(node: ast.expr) -> str:
    """A piece of a text, or what may stand in a gap: a number, mostly."""
    match node:
        case ast.Constant(value=value):
            return str(value)
        case ast.FormattedValue(value=ast.Name(id=name)):
            return "" if name in SUFFIXES else "3"
        case ast.FormattedValue(value=ast.Call(func=ast.Attribute(attr="_where"))):
            return ""
        case ast.FormattedValue(value=ast.IfExp(body=ast.Constant(value=value))):
            return str(value)
        case ast.FormattedValue(value=ast.Attribute(attr="kind")):
            return "panic"
        case _:
            return "3"


@pytest.mark.parametrize("phrase", sorted(set(phrases())))
def test_every_phrase_is_known(phrase: str) -> None:
    """A new message without its Korean is found here."""
    korean = phrase_in_korean(phrase)
    assert korean is not None
    assert re.search("[가-힣]", korean)


def test_there_are_many_phrases() -> None:
    """The sources have not been missed."""
    assert len(set(phrases())) > 60


@pytest.mark.parametrize(
    ("english", "korean"),
    [
        ("main comes before worker", "`main` 줄이 `worker` 줄보다 먼저 나온다"),
        ("both comes before wants for who A", "who A: `both` 줄이 `wants` 줄보다 먼저 나온다"),
        ("one a or b[n=1] line too many", "`a` 또는 `b[n=1]` 줄이 하나 더 많다"),
        ("the end, without 4 and what follows", "4부터 없이 끝남"),
        (
            "main waits: join at main.py:3\nthread 2 waits: lock",
            "main 대기: join at main.py:3\n스레드 2 대기: lock",
        ),
        ("needs Python 3.13; this is 3.11.7", "Python 3.13 이상이 필요하다. 여기는 3.11.7"),
        ("exit 1", "종료 코드 1"),
        (
            "the relation cannot be told: a.n is never printed",
            "관계를 따질 수 없다: `a.n`의 값이 한 번도 출력되지 않았다",
        ),
    ],
)
def test_names_and_numbers_are_kept(english: str, korean: str) -> None:
    """Names of lines and fields stand between backticks."""
    assert phrase_in_korean(english) == korean


@pytest.mark.parametrize("text", ["0..10", "[1, 2]", "total == sum(part)", "an unheard-of remark"])
def test_what_is_no_phrase_stays_as_it_is(text: str) -> None:
    """Values and expressions are no language's, and free text is not guessed at."""
    assert phrase_in_korean(text) is None


def test_outcomes_are_told_one_by_one() -> None:
    """Those that are endings in Korean, others as they are."""
    assert alternatives_in_korean("exit 0 or hang or 6") == "종료 코드 0 또는 멈춤 또는 6"


def test_a_page_marks_what_has_to_stay_english() -> None:
    """A message that is not known is quoted in its own language; a value is not marked."""
    korean, english = words_of("ko"), words_of("en")
    assert korean.phrase("an unheard-of remark").lang == "en"
    assert korean.phrase("no event").lang == ""
    assert english.phrase("an unheard-of remark").lang == ""
    assert not korean.value("0..10").is_words
    assert korean.value("none").is_words


@pytest.mark.parametrize(
    "phrase",
    [
        "not seen in 1 run",
        "not seen in 4 plain and 5,600 steered runs",
        "not seen in 56 steered runs",
        "none of 60 runs, 56 of them steered",
    ],
)
def test_steered_runs_are_told_apart_in_korean_too(phrase: str) -> None:
    """With all the numbers of the phrase."""
    korean = phrase_in_korean(phrase)
    assert korean is not None
    assert re.findall(r"[\d,]+", phrase.replace(", ", " ")) == re.findall(r"[\d,]+", korean)
