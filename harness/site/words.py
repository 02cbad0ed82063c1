"""What a reader's language changes: the site's own texts, translated texts, generated sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from harness.language.declarations import Property, Spec
from harness.language.properties.outcome_entries import GRADE_NAMES, Entry, Grade
from harness.language.properties.outcomes import Outcomes
from harness.site.glossary import GlossaryTerm, glossary_english, terms_of
from harness.site.korean import with_particle
from harness.site.plain import Lines, lines_of, message_of, plain_english
from harness.site.texts import (
    Translations,
    glossary_korean,
    messages_korean,
    plain_korean,
    ui_english,
    ui_korean,
)
from harness.values.messages import Catalogue, Message, english
from harness.values.program import Scope

ENGLISH = "en"
KOREAN = "ko"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """What the harness says of a run; ``lang`` is set if that is not the page's own language.

    ``is_words`` says that it is a sentence or a part of one, and not a value.
    """

    text: str
    lang: str = ""
    is_words: bool = True

    def __bool__(self) -> bool:
        """Whether anything is said."""
        return bool(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one language. ``ui`` are the site's own texts by key, ``messages`` ours.

    ``lines`` are those that the names of one spec stand for (see ``about``).
    """

    code: str
    ui: Mapping[str, str]
    messages: Catalogue
    lines: Lines = field(default_factory=Lines)

    def about(self, spec: Spec) -> Words:
        """The words for the page of one spec, whose private names no reader sees."""
        return replace(self, lines=lines_of(spec))

    def say(self, key: str, **values: object) -> str:
        """One of the site's own texts; numbers are grouped by thousands."""
        shown = {name: f"{v:,}" if isinstance(v, int) else v for name, v in values.items()}
        return self.ui[key].format(**shown)

    def titled(self, title: str, lead: str) -> Words:
        """For a corpus that has a title of its own: it is told in the words of its authors.

        One that is called as our own pages are has our translations.
        """
        if not title or title == ui_english()["site.title"]:
            return self
        own = {"site.title": title, "site.name": title} | ({"site.lead": lead} if lead else {})
        braces = {key: text.replace("{", "{{").replace("}", "}}") for key, text in own.items()}
        return replace(self, ui={**self.ui, **braces})

    def count(self, number: int, key: str) -> str:
        """``1 run``, ``5,200 runs``: the texts ``<key>.one`` and ``<key>.many``."""
        return self.say(f"{key}.{'one' if number == 1 else 'many'}", n=number)

    def text(self, translations: Translations, role: str, english: str) -> str:
        """A text of an example."""
        return translations.of(role, english) if self.code == KOREAN else english

    def sentence(self, prop: Property) -> str:
        """What a property says, made from its declaration."""
        sentence = self.lines.sentence(prop)
        if prop.scope is Scope.SOME_RUN:
            sentence = message_of("some-run", sentence=sentence)
        text = f"{self.messages.render(sentence) or prop.rule.sentence()}."
        # Korean has no capitals: what stands at the beginning is a name of the spec.
        return text[:1].upper() + text[1:] if self.code == ENGLISH else text

    def phrase(self, text: str) -> Phrase:
        """A message, a note, a reason; what is no message of ours has to stay English."""
        said = self._said(text)
        is_foreign = bool(text) and said is None and self.code != ENGLISH
        return Phrase(text=said or text, lang=ENGLISH if is_foreign else "")

    def value(self, text: str) -> Phrase:
        """What was expected or found: words, or a value, which is no language's."""
        said = self._said(text)
        return Phrase(text=said or text, is_words=self.code != ENGLISH and said is not None)

    def _said(self, text: str) -> str | None:
        """A message in the page's language; ``None`` for any other text, or an unknown message."""
        if not isinstance(text, Message):
            return None
        told = self.messages.render(self.lines.told(text))
        return str(text) if told is None and self.code == ENGLISH else told

    def outcome(self, rule: Outcomes, entry: Entry) -> str:
        """An outcome as the line or lines that it stands for, or as the way to end that it is."""
        if entry.ending is not None:
            return self.phrase(entry.told).text
        return self.lines.outcome(rule, entry.text)

    def grade(self, grade: Grade) -> str:
        """How an outcome is graded."""
        return self.messages.fill(GRADE_NAMES[grade], {})


def words_of(code: str) -> Words:
    """The words of a language; raises TranslationError if its file cannot be read."""
    ui = ui_english()
    if code == ENGLISH:
        return Words(code=code, ui=ui, messages=plain_messages(code))
    return Words(code=code, ui=_translated(ui, ui_korean()), messages=plain_messages(code))


@cache
def glossary_of(code: str) -> tuple[GlossaryTerm, ...]:
    """The terms of the glossary in a language; raises TranslationError as ``words_of``."""
    texts = glossary_english()
    return terms_of(texts if code == ENGLISH else _translated(texts, glossary_korean()))


@cache
def plain_messages(code: str) -> Catalogue:
    """What a page says, of messages and of its own; raises TranslationError as ``words_of``."""
    plain = plain_english()
    if code == ENGLISH:
        return Catalogue(texts={**english().texts, **plain})
    texts = {**korean_messages().texts, **_translated(plain, plain_korean())}
    return Catalogue(texts=texts, inflect=with_particle)


@cache
def korean_messages() -> Catalogue:
    """What every message says in Korean; raises TranslationError if its file cannot be read."""
    texts = _translated(english().texts, messages_korean())
    return Catalogue(texts=texts, inflect=with_particle)


def _translated(texts: Mapping[str, str], translations: Translations) -> dict[str, str]:
    """The texts in Korean; in English where that is missing or stale, as ``make texts`` says."""
    return {key: translations.of(key, text) for key, text in texts.items()}
