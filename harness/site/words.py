"""What a reader's language changes: the site's own texts, translated texts, generated sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from harness.language.declarations import Property
from harness.language.properties.outcome_entries import GRADE_NAMES, Grade
from harness.site.korean import with_particle
from harness.site.texts import Translations, messages_korean, ui_english, ui_korean
from harness.values.messages import Catalogue, Message, english, say
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
    """The words of one language. ``ui`` are the site's own texts by key, ``messages`` ours."""

    code: str
    ui: Mapping[str, str] = field(default_factory=dict)
    messages: Catalogue = field(default_factory=english)

    def say(self, key: str, **values: object) -> str:
        """One of the site's own texts; numbers are grouped by thousands."""
        shown = {name: f"{v:,}" if isinstance(v, int) else v for name, v in values.items()}
        return self.ui[key].format(**shown)

    def count(self, number: int, key: str) -> str:
        """``1 run``, ``5,200 runs``: the texts ``<key>.one`` and ``<key>.many``."""
        return self.say(f"{key}.{'one' if number == 1 else 'many'}", n=number)

    def text(self, translations: Translations, role: str, english: str) -> str:
        """A text of an example."""
        return translations.of(role, english) if self.code == KOREAN else english

    def sentence(self, prop: Property) -> str:
        """What a property says, made from its declaration."""
        sentence = prop.rule.sentence()
        if prop.scope is Scope.SOME_RUN:
            sentence = say("some-run", sentence=sentence)
        text = f"{self._said(sentence) or sentence}."
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
        return str(text) if self.code == ENGLISH else self.messages.render(text)

    def grade(self, grade: Grade) -> str:
        """How an outcome is graded."""
        return self.messages.fill(GRADE_NAMES[grade], {})


def words_of(code: str) -> Words:
    """The words of a language; raises TranslationError if its file cannot be read."""
    ui = ui_english()
    if code == ENGLISH:
        return Words(code=code, ui=ui)
    return Words(code=code, ui=_translated(ui, ui_korean()), messages=korean_messages())


@cache
def korean_messages() -> Catalogue:
    """What every message says in Korean; raises TranslationError if its file cannot be read."""
    texts = _translated(english().texts, messages_korean())
    return Catalogue(texts=texts, inflect=with_particle)


def _translated(texts: Mapping[str, str], translations: Translations) -> dict[str, str]:
    """The texts in Korean; in English where that is missing or stale, as ``make texts`` says."""
    return {key: translations.of(key, text) for key, text in texts.items()}
