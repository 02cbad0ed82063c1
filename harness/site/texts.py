"""Every text that readers see and translations must follow: the examples', the site's own, ours.

A translation is kept beside the digest of the text that it translates, so
that one which no longer fits is found by name. ``ko.toml`` lies beside the
spec of its example and holds, below ``[texts]``, a pair (digest, text) for
each role; the site's own texts lie in this package, and so does the Korean of
what the harness says (``harness.values.messages``).
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.language.declarations import Property, Spec
from harness.language.places import written_text
from harness.language.properties.outcomes import Outcomes
from harness.site.comments import comments_of
from harness.site.counterparts import counterparts_english
from harness.site.glossary import glossary_english
from harness.site.plain import plain_english
from harness.site.steps import align
from harness.values.errors import HarnessError
from harness.values.messages import english as messages_english
from harness.values.program import Side

TRANSLATION_FILE = "ko.toml"

PROSE_FILE = "text.toml"
"""Beside it: what a page tells of the steps, in English; the Korean is in the other file."""

TO_DO = "TODO"
"""What a skeleton has in the place of a translation, which is a fault until there is one."""

_HANGUL = re.compile("[가-힣]")
_NO_WORDS = re.compile(r"`[^`]*`|\{[^}]*\}|\|[^|]*(?=\|)|[A-Z]\w+|'\w+")
"""Code, places of values, words that are linked, and names: they are the same in both languages."""

_WORDS = re.compile("[A-Za-z]{2,}")
_ALIKE = frozenset(("join.last", "at-place", "for", "thread.main"))
"""Messages that Korean says by its word order or by a sign, and main, which is called so."""

_HERE = Path(__file__).parent


class TranslationError(HarnessError):
    """A file of translations that cannot be read: place, what was expected, what was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text that readers see, and the role that it plays in its example."""

    role: str
    english: str

    @property
    def digest(self) -> str:
        """What a translation of it is kept beside."""
        return digest_of(self.english)


@dataclass(frozen=True, slots=True, kw_only=True)
class Translations:
    """The Korean texts by role, each with the digest of the English one. ``path`` is their file."""

    path: Path
    texts: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def of(self, role: str, english: str) -> str:
        """The Korean text; the English one where it is missing or stale."""
        digest, korean = self.texts.get(role, ("", ""))
        return korean if korean and digest == digest_of(english) else english


def digest_of(text: str) -> str:
    """Eight hexadecimal digits that stand for a text, however it is broken into lines."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:8]


# --- what there is to translate ---------------------------------------------------


def texts_of(spec: Spec, sources: Mapping[str, str]) -> Iterator[Text]:
    """All texts of an example. ``sources`` are its programs by path."""
    yield Text(role="title", english=spec.title)
    yield Text(role="summary", english=spec.summary)
    for name in dict.fromkeys(program.name for program in spec.programs):
        yield from _texts_of_program(spec, name, sources)
    for step, prose in prose_of(spec).items():
        yield Text(role=prose_role(step), english=prose)
    for prop in spec.properties:
        yield from _texts_of_property(prop)
    for guess in spec.guesses:
        yield Text(role=f"guess {guess.name}", english=guess.guess)
        yield Text(role=f"guess {guess.name}: truth", english=guess.truth)
    for control in spec.controls:
        yield Text(role=f"control {control.name}", english=control.name)
        if control.why:
            yield Text(role=f"control {control.name}: why", english=control.why)


def _texts_of_program(spec: Spec, name: str, sources: Mapping[str, str]) -> Iterator[Text]:
    """What is said of a program: its summary, and the headings of its steps."""
    programs = [p for side in Side if (p := spec.program(side, name))]
    if summary := next((p.summary for p in programs if p.summary), ""):
        yield Text(role=f"program {name}", english=summary)
    for row in align([sources[program.path] for program in programs]):
        headings = {heading: p.side for heading, p in zip(row.headings, programs, strict=False)}
        for heading, side in headings.items():
            if heading:
                yield Text(
                    role=step_role(name, row.number, side, shared=bool(row.heading)),
                    english=heading,
                )


def prose_of(spec: Spec) -> Mapping[str, str]:
    """What is told of each step, by ``PROGRAM NUMBER``; none without a file.

    Raises TranslationError for a file that cannot be read, and for a text that is none.
    """
    path = spec.directory / PROSE_FILE
    if not path.exists():
        return {}
    told = _read(path, "steps")
    for step, prose in told.items():
        if not isinstance(prose, str):
            raise TranslationError(f'{path}: "{step}": expected a text, found {prose!r}')
    return told


def prose_role(step: str) -> str:
    """The role of what is told of a step, named as ``PROGRAM NUMBER``."""
    return f"prose {step}"


def steps_of(spec: Spec, sources: Mapping[str, str]) -> Iterator[str]:
    """The steps of all programs, each once, as ``PROGRAM NUMBER``."""
    for name in dict.fromkeys(program.name for program in spec.programs):
        programs = [p for side in Side if (p := spec.program(side, name))]
        rows = align([sources[program.path] for program in programs])
        yield from (f"{name} {row.number}" for row in rows if row.number)


def step_role(program: str, number: int, side: Side, *, shared: bool) -> str:
    """The role of a step's heading; ``shared`` says that both sides have the same."""
    suffix = "" if shared else f" {side.value}"
    return f"step {program} {number}{suffix}"


def comment_role(text: str) -> str:
    """The role of a comment or a docstring, which has no name but what it says."""
    return f"comment {digest_of(text)}"


def _translated_comments(
    spec: Spec, sources: Mapping[str, str], translations: Translations
) -> dict[str, str]:
    """The comments of the programs that have a translation: none has to have one."""
    texts = (
        comment.text
        for program in spec.programs
        for comment in comments_of(sources[program.path], program.side)
    )
    roles = {comment_role(text): text for text in texts}
    return {role: text for role, text in roles.items() if role in translations.texts}


def _texts_of_property(prop: Property) -> Iterator[Text]:
    """Why it holds, what an audit says of it, and the reasons of its outcomes."""
    yield Text(role=f"property {prop.name}", english=prop.why)
    if prop.audit:
        yield Text(role=f"property {prop.name}: audit", english=prop.audit)
    if isinstance(prop.rule, Outcomes):
        for entry in prop.rule.entries:
            if entry.why:
                yield Text(role=f"property {prop.name}: {entry.text}", english=entry.why)


# --- reading ------------------------------------------------------------------------


def read_translations(spec: Spec) -> Translations:
    """The Korean texts of an example; none if it has no file. Raises TranslationError."""
    return read_translations_at(spec.directory / TRANSLATION_FILE)


def read_translations_at(path: Path) -> Translations:
    """The Korean texts of one file; none if there is no such file. Raises TranslationError."""
    return _read_pairs(path) if path.exists() else Translations(path=path)


def ui_english() -> Mapping[str, str]:
    """The site's own texts in English, by key."""
    return dict(_read(_HERE / "texts.en.toml"))


def ui_korean() -> Translations:
    """The site's own texts in Korean."""
    return _read_pairs(_HERE / "texts.ko.toml")


def glossary_korean() -> Translations:
    """The glossary in Korean."""
    return _read_pairs(_HERE / "glossary.ko.toml")


def counterparts_korean() -> Translations:
    """The table of counterparts in Korean."""
    return _read_pairs(_HERE / "counterparts.ko.toml")


def plain_korean() -> Translations:
    """What a page says otherwise than a report, in Korean."""
    return _read_pairs(_HERE / "plain.ko.toml")


def messages_korean() -> Translations:
    """What the harness says, in Korean."""
    return _read_pairs(_HERE / "messages.ko.toml")


def _read_pairs(path: Path) -> Translations:
    """Translations, each with the digest of the text that it is one of; raises TranslationError."""
    texts = _read(path)
    for role, pair in texts.items():
        if not (
            isinstance(pair, list) and len(pair) == 2 and all(isinstance(p, str) for p in pair)
        ):
            raise TranslationError(f'{path}: "{role}": expected [digest, text], found {pair!r}')
    return Translations(path=path, texts={role: (pair[0], pair[1]) for role, pair in texts.items()})


def _read(path: Path, table: str = "texts") -> dict[str, Any]:
    """One table of a file; raises TranslationError."""
    try:
        texts = tomllib.loads(path.read_text(encoding="utf-8"))[table]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TranslationError(f"{path}: cannot be read: {error}") from error
    except KeyError as error:
        raise TranslationError(f"{path}: expected the table [{table}], found none") from error
    return dict(texts)


# --- checking -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFault:
    """A translation that is missing, stale, none at all, or of a text that is no longer there."""

    path: Path
    kind: str
    role: str
    english: str = ""

    def __str__(self) -> str:
        """One line for a person, and what to write."""
        if self.kind == "superfluous":
            return f'{self.path}: "{self.role}": is of nothing that is there; remove it'
        entry = f'"{digest_of(self.english)}"'
        english = " ".join(self.english.split())
        return f'{self.path}: "{self.role}": {self.kind}; translate [{entry}, …] of: {english}'


def faults_of(texts: Mapping[str, str], translations: Translations) -> Iterator[TextFault]:
    """What is wrong with the translations of ``texts`` (English, by role)."""
    path = translations.path
    for role, english in texts.items():
        digest, korean = translations.texts.get(role, ("", ""))
        if not korean:
            yield TextFault(path=path, kind="missing", role=role, english=english)
        elif digest != digest_of(english):
            yield TextFault(path=path, kind="stale", role=role, english=english)
        elif role not in _ALIKE and not _is_korean(korean, english):
            yield TextFault(path=path, kind="no Korean", role=role, english=english)
    for role in translations.texts:
        if role not in texts:
            yield TextFault(path=path, kind="superfluous", role=role)


def _is_korean(korean: str, english: str) -> bool:
    """Whether it can be a translation; of what has no words but names there is none to make."""
    if TO_DO in korean:
        return False
    return bool(_HANGUL.search(korean)) or not _WORDS.search(_NO_WORDS.sub(" ", english))


def faults_of_example(spec: Spec, sources: Mapping[str, str]) -> tuple[TextFault, ...]:
    """What is wrong with the translations of an example."""
    translations = read_translations(spec)
    texts = {text.role: text.english for text in texts_of(spec, sources)}
    texts |= _translated_comments(spec, sources, translations)
    known = frozenset(steps_of(spec, sources))
    path = spec.directory / PROSE_FILE
    lost = (each for each in prose_of(spec) if each not in known)
    return (
        *faults_of(texts, translations),
        *(TextFault(path=path, kind="superfluous", role=step) for step in lost),
    )


def faults_of_ui() -> tuple[TextFault, ...]:
    """What is wrong with the translations of the site's own texts, and of the messages."""
    return (
        *faults_of(ui_english(), ui_korean()),
        *faults_of(messages_english().texts, messages_korean()),
        *faults_of(plain_english(), plain_korean()),
        *faults_of(glossary_english(), glossary_korean()),
        *faults_of(counterparts_english(), counterparts_korean()),
    )


# --- what is still to be written ------------------------------------------------------


def write_skeleton(faults: Iterable[TextFault]) -> tuple[Path, ...]:
    """Write what the faults lack into their files, each beside its digest; gives the files.

    A stale translation keeps its text behind the mark that it has to be looked at; what is
    superfluous, or there already, is left alone.
    """
    lacking: dict[Path, list[TextFault]] = {}
    for fault in faults:
        if fault.kind in ("missing", "stale"):
            lacking.setdefault(fault.path, []).append(fault)
    for path, found in lacking.items():
        texts = dict(_read_pairs(path).texts) if path.exists() else {}
        for fault in found:
            _, former = texts.get(fault.role, ("", ""))
            kept = f"{TO_DO} {former or fault.english}"
            texts[fault.role] = digest_of(fault.english), " ".join(kept.split())
        path.write_text(_with_entries(path, texts, found), encoding="utf-8")
    return tuple(lacking)


def _with_entries(
    path: Path, texts: Mapping[str, tuple[str, str]], found: Iterable[TextFault]
) -> str:
    """The file with the entries of the faults in the place of former ones, or at its end."""
    head = "# Korean texts of this pair, each beside the digest of its English text."
    lines = (
        path.read_text(encoding="utf-8").splitlines() if path.exists() else [head, "", "[texts]"]
    )
    for fault in found:
        key = f"{written_text(fault.role)} = "
        digest, korean = texts[fault.role]
        entry = f"{key}[{written_text(digest)}, {written_text(korean)}]"
        place = next((n for n, line in enumerate(lines) if line.startswith(key)), len(lines))
        lines[place : place + 1] = [entry]
    return "\n".join(lines) + "\n"
