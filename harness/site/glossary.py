"""The terms that the pages explain, and where a page links to them: at their first use. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from markupsafe import Markup, escape

GLOSSARY_FILE = Path(__file__).with_name("glossary.en.toml")

_CODE = re.compile(r"`([^`]+)`")
_HANGUL = re.compile("[가-힣]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class GlossaryTerm:
    """One term: its address on the glossary's page, and the words that are linked to it."""

    id: str
    title: str
    text: str
    words: tuple[str, ...]


@cache
def glossary_english() -> Mapping[str, str]:
    """The glossary's texts in English: a title, words and a text for each term."""
    return dict(tomllib.loads(GLOSSARY_FILE.read_text(encoding="utf-8"))["texts"])


def terms_of(texts: Mapping[str, str]) -> tuple[GlossaryTerm, ...]:
    """The terms in the order in which they are kept, from the texts of one language."""
    names = [key.removesuffix(".title") for key in texts if key.endswith(".title")]
    return tuple(
        GlossaryTerm(
            id=name,
            title=texts[f"{name}.title"],
            text=texts[f"{name}.text"],
            words=tuple(word for word in texts[f"{name}.words"].split("|") if word),
        )
        for name in names
    )


@dataclass(slots=True)
class Linker:
    """Sets a page's texts, each term a link where it is used first. One page has one linker."""

    terms: tuple[GlossaryTerm, ...]
    place: str
    _done: set[str] = field(default_factory=set)

    def __call__(self, text: str) -> Markup:
        """The text escaped, what stands between backticks as code, first uses as links."""
        parts = _CODE.split(text)
        return Markup().join(
            self._code(part) if index % 2 else self._words(part) for index, part in enumerate(parts)
        )

    def _code(self, part: str) -> Markup:
        """Code that is a term by itself is linked; within a longer one nothing is."""
        code = Markup("<code>{}</code>").format(part)
        term = self._by_word.get(part)
        return self._link(term, code) if term and term.id not in self._done else code

    def _words(self, part: str) -> Markup:
        return Markup().join(self._pieces(part))

    def _pieces(self, part: str) -> Iterator[Markup]:
        """Prose with each term linked once on a page."""
        end = 0
        for found in _pattern(tuple(self._by_word)).finditer(part):
            term = self._by_word[found[0]]
            if term.id in self._done:
                continue
            yield escape(part[end : found.start()])
            yield self._link(term, escape(found[0]))
            end = found.end()
        yield escape(part[end:])

    def _link(self, term: GlossaryTerm, shown: Markup) -> Markup:
        """The words as a link to the term; later on the same page it is none."""
        self._done.add(term.id)
        return Markup('<a class="term" href="{}#{}">{}</a>').format(self.place, term.id, shown)

    @property
    def _by_word(self) -> Mapping[str, GlossaryTerm]:
        return _words_of(self.terms)


@cache
def _words_of(terms: tuple[GlossaryTerm, ...]) -> Mapping[str, GlossaryTerm]:
    return {word: term for term in terms for word in term.words}


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words, longest first; a Korean one may have a particle behind it."""

    def whole(word: str) -> str:
        """A pattern for a word by itself; to a Korean one endings are joined."""
        return rf"(?<![\w'`]){re.escape(word)}" + (
            "" if _HANGUL.search(word) else r"(?![A-Za-z0-9_])"
        )

    return re.compile("|".join(map(whole, sorted(words, key=len, reverse=True))))
