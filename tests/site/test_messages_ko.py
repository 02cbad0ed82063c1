"""What the harness says is told in Korean: every message has its Korean, with every argument."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.site.texts import faults_of_ui, messages_korean
from harness.site.words import korean_messages, words_of
from harness.values.finding import Violation
from harness.values.messages import Argument, Message, arguments_of, english, say
from harness.values.run import PassedOver
from tests.site.kinds import every_violation

HARNESS = Path(__file__).parents[2] / "harness"
JOINS = "join."
"""What joins several arguments is asked for by templates."""

Call = tuple[str, frozenset[str]]
"""The id and the names of the arguments of one call of ``say``."""


def calls() -> Iterator[Call]:
    """Every call of ``say`` in the harness; an id that is chosen gives a call for each choice."""
    for path in sorted(HARNESS.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id="say"), args=[first], keywords=keywords):
                    names = frozenset(keyword.arg or "**" for keyword in keywords)
                    for known in ids_of(first, tree):
                        yield known, names
                case _:
                    pass


def ids_of(node: ast.expr, tree: ast.Module) -> Iterator[str]:
    """The ids that an expression can be: a text, a choice, an entry of one of the module's tables.

    A table may be another module's: then its texts count as used there.
    """
    match node:
        case ast.Constant(value=str(known)):
            yield known
        case ast.IfExp(body=one, orelse=other):
            yield from ids_of(one, tree)
            yield from ids_of(other, tree)
        case ast.Subscript(value=ast.Name(id=table)):
            for value in tables(tree).get(table, ()):
                yield value
        case ast.Name(id=name):
            for value in tables(tree).get(name, ()):
                yield value
        case _:
            raise AssertionError(f"no id: {ast.unparse(node)}")


def tables(tree: ast.Module) -> dict[str, list[str]]:
    """The names that stand for ids: tables of them, and choices among them."""
    found: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(values=values)):
                found[name] = texts_in(values)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.IfExp(body=a, orelse=b)):
                found[name] = texts_in([a, b])
            case _:
                pass
    return found


def texts_in(nodes: list[ast.expr]) -> list[str]:
    """Those of the expressions that are texts."""
    return [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


CALLS = sorted(set(calls()), key=lambda call: (call[0], sorted(call[1])))
KNOWN = sorted(known for known in english().texts if not known.startswith(JOINS))


def test_the_sources_have_not_been_missed() -> None:
    """There are many messages."""
    assert len({known for known, _ in CALLS}) > 250


@pytest.mark.parametrize(("known", "given"), CALLS)
def test_every_message_is_in_the_catalogue_with_its_arguments(
    known: str, given: frozenset[str]
) -> None:
    """None is missing from a call, and none is given that neither language uses."""
    used = arguments_of(english().texts[known]) | arguments_of(korean_messages().texts[known])
    assert used == given


def test_every_text_of_the_catalogue_is_said_somewhere() -> None:
    """A message that nobody says any more is to be removed."""
    sources = "".join(path.read_text(encoding="utf-8") for path in HARNESS.rglob("*.py"))
    assert [] == [known for known in KNOWN if f'"{known}"' not in sources]


def test_every_message_has_its_korean() -> None:
    """None is missing, stale or superfluous: the texts of the site and ours."""
    assert () == faults_of_ui()


@pytest.mark.parametrize("known", KNOWN)
def test_korean_says_all_that_english_says(known: str) -> None:
    """Each argument of the English stands in the Korean; whys of a spec alone are told apart."""
    korean = arguments_of(messages_korean().texts[known][1])
    assert arguments_of(english().texts[known]) - korean <= UNTOLD.get(known, frozenset())


UNTOLD = {"outcomes.forbidden": frozenset({"why"})}
"""The spec's own English, whose translation stands beside it on the page."""


VIOLATIONS = every_violation()


@pytest.mark.parametrize("violation", VIOLATIONS, ids=[each.message for each in VIOLATIONS])
def test_what_is_found_is_told_in_korean(violation: Violation) -> None:
    """The message always, and each other text that is a sentence and no value."""
    korean = words_of("ko")
    assert isinstance(violation.message, Message)
    notes = [mark.note for mark in violation.marks]
    for text in (violation.message, violation.expected, violation.found, *notes):
        if isinstance(text, Message):
            said = korean.phrase(text)
            assert not said.lang
            assert [] == english_words(said.text, text)
        else:
            expressions = text.replace(" and ", " && ").replace(" or ", " || ")
            assert not re.search(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}", expressions)


def english_words(said: str, message: Message) -> list[str]:
    """The words of the Korean text that are none of the message's arguments."""
    known = " ".join((*leaves(message), *ALIKE))
    return [word for word in re.findall("[A-Za-z]{2,}", said) if word not in known]


ALIKE = ("stderr", "cargo", "GIL", "main")
"""Words that Korean engineers write so."""


def leaves(argument: Argument) -> Iterator[str]:
    """The names and values in a message."""
    match argument:
        case Message():
            for each in argument.arguments.values():
                yield from leaves(each)
        case tuple():
            for each in argument:
                yield from leaves(each)
        case _:
            yield str(argument)


def test_names_numbers_and_messages_within_are_put_into_the_korean() -> None:
    """Names as code, keys before the sentence, each ending in Korean."""
    korean = words_of("ko")
    where = say("for", key="who", value="A")
    message = say("order.broken", before=("wants",), after=("both", "b[n=1]"), where=where)
    told = "who A: `both` 또는 `b[n=1]` 줄이 `wants` 줄보다 먼저 나온다"
    assert korean.phrase(message).text == told
    outcomes = (say("ending.exit", code=0), say("ending.hang"), "6")
    assert korean.value(say("either", items=outcomes)).text == "종료 코드 0 또는 끝없이 멈춤 또는 6"
    lines = (say("lines", n=3), say("thread", n=2))
    assert korean.value(say("each-on-a-line", items=lines)).text == "3줄\n스레드 2"
    passed_over = PassedOver(thread=1, call="flock", place="main.py:9").told
    assert korean.phrase(passed_over).text == "스레드 1을 건너뜀: flock에서 멈춰 있음 (main.py:9)"


def test_a_page_marks_what_has_to_stay_english() -> None:
    """What is no message of ours is quoted in its own language; a value is not marked."""
    korean, in_english = words_of("ko"), words_of("en")
    assert korean.phrase("an unheard-of remark").lang == "en"
    assert korean.phrase(say("none")).lang == ""
    assert korean.phrase("").lang == ""
    assert in_english.phrase("an unheard-of remark").lang == ""
    assert not korean.value("0..10").is_words
    assert korean.value(say("none")).is_words
    assert not in_english.value(say("none")).is_words


def test_a_message_of_a_later_harness_stays_english() -> None:
    """Its text is all that is known of it."""
    unknown = Message("an unheard-of remark", "no-such-id", {})
    said = words_of("ko").phrase(unknown)
    assert (said.text, said.lang) == ("an unheard-of remark", "en")
