"""The search in the page: a script with the index of one language, and what looks into it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

from harness.language.properties.compile_error import CompileError
from harness.site.counterparts import counterparts
from harness.site.data import PageData
from harness.site.pages import Edition
from harness.site.slimming import slim_script
from harness.site.words import ENGLISH, glossary_of
from harness.values.program import Side

_HERE = Path(__file__).parent

FIRST_STEP = 34
"""The character before that of a step of one, which ``find.js`` counts from, too.

Behind it comes no blank and no quote."""

MAX_COMMON = 50
"""Letters that two words in a row can have in common for the search."""

_WORD = re.compile(r"\w+")
_SAYS = re.compile(
    "[가-힣]+(?:다|며|면|므로|지만|도록|거나|어야|아야|해야|어서|아서|해서|려면|더라도|않고)$"
)
"""Forms of verbs, which nobody looks for as they stand in a sentence."""

_ENDING = re.compile(
    "(?<=[가-힣]{2})(?:에서는|으로는|에게서|이라는|까지|부터|에서|에게|으로|처럼|보다|마다|하고|이나"
    "|은|는|이|가|을|를|에|의|로|와|과|도|만|나)$"
)


@cache
def _kept_by_hand() -> dict[str, Any]:
    """What readers type and no page says: synonyms, and words for topics, pairs and errors."""
    return tomllib.loads((_HERE / "search.toml").read_text(encoding="utf-8"))


def search_script(edition: Edition) -> str:
    """The script of one language; it works from ``file://``, where nothing can be fetched.

    Everything is there once: ``kinds`` are the topics' titles, ``names`` those
    of each side's look-up table, ``further`` what leads elsewhere than to a pair,
    and a pair is its name, its title, the numbers of its topic and of its names,
    and what readers type who look for it. ``told`` are the words that pages tell
    beyond that, each with its pairs (see ``_postings``).
    """
    pages = edition.library.pages
    topics = list(dict.fromkeys(page.spec.topic for page in pages))
    names = {side: _names(edition, side) for side in Side}
    numbers = {name: i for i, name in enumerate(n for side in Side for n in names[side])}
    index = {
        "kinds": [edition.topic(topic) for topic in topics],
        "names": {side.value: _packed(names[side]) for side in Side},
        "synonyms": _kept_by_hand()["synonyms"],
        "idle": _kept_by_hand()["idle"],
        "further": [*_topics(edition, topics), *_terms(edition)],
        "counterparts": [edition.words.say("counterparts.title"), *_rows()],
        "pairs": [
            [
                page.spec.name,
                edition.title(page),
                topics.index(page.spec.topic),
                sorted(numbers[name] for name in _names_of(edition, page)),
                _typed(page),
            ]
            for page in pages
        ],
        # Without what leads there anyway: a reader waits for this file.
        "told": _postings(_told(edition, page) - _led_by(edition, page) for page in pages),
    }
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    finder = slim_script((_HERE / "find.js").read_text(encoding="utf-8"))
    return f"{finder}window.pairsIndex={text};\n"


def _topics(edition: Edition, topics: list[str]) -> Iterator[list[str]]:
    """An entry for each topic: address, title, kind, what readers type, and what it is about."""
    kind = edition.words.say("site.topic")
    for topic in topics:
        typed = _kept_by_hand()["topics"].get(topic, "")
        about = edition.topic(topic, ".about")
        href = edition.topic_href(topic) or f"index.html#{topic}"
        yield [href, edition.topic(topic), kind, f"{topic} {typed}", about]


def _terms(edition: Edition) -> Iterator[list[str]]:
    """The same for each term of the glossary."""
    kind = edition.words.say("site.glossary")
    for term in glossary_of(edition.words.code):
        yield [f"glossary.html#{term.id}", term.title, kind, " ".join(term.words), ""]


def _rows() -> Iterator[list[str]]:
    """The rows of the table of counterparts: the names of each side, from which all follows."""
    for group in counterparts():
        yield from ([" ".join(names) for names in row.names.values()] for row in group.rows)


def _told(edition: Edition, page: PageData) -> frozenset[str]:
    """The words that the page tells: the English title, the summary, the properties' names.

    Those names are English, and only looked for in the edition that is.
    """
    is_english = edition.words.code == ENGLISH
    properties = " ".join(prop.name for prop in page.spec.properties if is_english)
    return _words(f"{page.spec.title} {edition.summary(page)} {properties}")


def _led_by(edition: Edition, page: PageData) -> frozenset[str]:
    """The words that lead to the page more surely than what it tells."""
    return _words(f"{edition.title(page)} {page.spec.name} {_typed(page)}")


def _words(text: str) -> frozenset[str]:
    """Its words as the search compares them, Korean ones without what ends them in a sentence.

    The search takes a known word for the beginning of a typed one, so that any ending is found.
    """
    found = (word for word in _WORD.findall(text.lower()) if not _SAYS.match(word))
    words = (_ENDING.sub("", word) for word in found)
    return frozenset(words) - frozenset(_kept_by_hand()["idle"])


def _postings(told: Iterable[frozenset[str]]) -> list[str]:
    """The words, and for each of them its pages: characters, each so far on from the one before."""
    pages: dict[str, list[int]] = {}
    for number, words in enumerate(told):
        for word in words:
            pages.setdefault(word, []).append(number)
    known = sorted(pages)
    # Gaps instead of numbers, as inverted files have them (Witten, Moffat and Bell, Managing
    # Gigabytes, 1994): most take one character.
    steps = ("".join(chr(FIRST_STEP + step) for step in _steps(pages[word])) for word in known)
    return [_packed(known), " ".join(steps)]


def _packed(words: Iterable[str]) -> str:
    """Sorted words, each without what it has in common with the one before.

    How many letters that are stands before the rest, as a character from ``A`` on. Letters that
    a script counts twice have nothing in common.
    """
    parts, before = [], ""
    for word in words:
        # Front coding: neighbours in a sorted list begin alike.
        alike = takewhile(
            lambda pair: pair[0] == pair[1] <= "\uffff", zip(before, word, strict=False)
        )
        common = min(sum(1 for _ in alike), MAX_COMMON)
        parts.append(chr(ord("A") + common) + word[common:])
        before = word
    return " ".join(parts)


def _steps(numbers: Iterable[int]) -> Iterator[int]:
    """How far each number is from the one before.

    Small numbers, each of which takes one character.
    """
    before = -1
    for number in numbers:
        yield number - before
        before = number


def _typed(page: PageData) -> str:
    """What readers type who look for the page: words kept by hand, and errors with their texts."""
    kept = _kept_by_hand()
    rules = [p.rule for p in page.spec.properties if isinstance(p.rule, CompileError)]
    codes = dict.fromkeys(error.code for rule in rules for error in rule.errors if error.code)
    errors = (f"{code} {kept['errors'].get(code, '')}".strip() for code in codes)
    return " ".join(filter(None, (kept["pairs"].get(page.spec.name, ""), *errors)))


def _names_of(edition: Edition, page: PageData) -> frozenset[str]:
    return frozenset().union(*(edition.library.names[page.spec.id, side] for side in Side))


def _names(edition: Edition, side: Side) -> list[str]:
    found = (edition.library.names[page.spec.id, side] for page in edition.library.pages)
    return sorted(frozenset().union(*found))
