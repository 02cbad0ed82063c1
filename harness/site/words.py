"""What a reader's language changes: the site's own texts, translated texts, generated sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from harness.language.declarations import Property
from harness.site.phrases_ko import phrase_in_korean
from harness.site.sentences_ko import GRADES, scope_in_korean, sentence_in_korean
from harness.site.texts import Translations, ui_english, ui_korean
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
    """The words of one language. ``ui`` are the site's own texts by key."""

    code: str
    ui: Mapping[str, str] = field(default_factory=dict)

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
        if self.code == KOREAN:
            scope = f"{scope_in_korean(prop.scope)} " if prop.scope is Scope.SOME_RUN else ""
            return f"{scope}{sentence_in_korean(prop.rule)}."
        scope = "in some run, " if prop.scope is Scope.SOME_RUN else ""
        sentence = f"{scope}{prop.rule.sentence()}."
        return sentence[:1].upper() + sentence[1:]

    def phrase(self, english: str) -> Phrase:
        """A message, a note, a reason."""
        korean = self._korean(english)
        return Phrase(text=korean or english, lang="" if korean is not None else ENGLISH)

    def value(self, english: str) -> Phrase:
        """What was expected or found: words, or a value, which is no language's."""
        korean = self._korean(english)
        is_words = self.code == KOREAN and korean is not None
        return Phrase(text=korean or english, is_words=is_words)

    def _korean(self, english: str) -> str | None:
        """The text in the page's language; ``None`` where it has to stay English."""
        return english if self.code == ENGLISH or not english else phrase_in_korean(english)

    def grade(self, grade: str) -> str:
        """How an outcome is graded."""
        return GRADES[grade] if self.code == KOREAN else grade


def words_of(code: str) -> Words:
    """The words of a language; raises TranslationError if its file cannot be read."""
    english = ui_english()
    if code == ENGLISH:
        return Words(code=code, ui=english)
    korean = ui_korean()
    return Words(code=code, ui={key: korean.of(key, text) for key, text in english.items()})
