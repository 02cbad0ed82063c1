"""``corpus.toml`` at the top of a corpus: its title, its topics, and the order of reading."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from harness.language.spec.names import is_name
from harness.language.spec.reading import read_source, read_toml
from harness.language.tables import Table
from harness.values.words import listed, nearest

CORPUS_FILE = "corpus.toml"

LANGUAGES = ("en", "ko")
"""Those that pages can be in, by their codes."""

_OWN_TEXTS = {"title": "", "lead": "", "command": "harness", "setup": "", "after": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """What is said of a corpus as a whole; ``topics`` gives the titles, ``order`` the examples.

    ``order`` holds ``topic/name``. A corpus that says nothing has neither. ``lead`` is what its
    pages say of it all, ``command`` how their readers call the harness, and ``setup`` what
    makes that possible, if it takes anything. ``after`` is the directory of the corpus that
    it continues, as seen from its own, if there is one. ``languages`` are those of its pages:
    the first one's lie at the top.
    """

    title: str = ""
    lead: str = ""
    command: str = "harness"
    setup: str = ""
    languages: tuple[str, ...] = LANGUAGES
    after: str = ""
    topics: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    is_said: bool = False

    def place_of(self, example: str) -> tuple[int, str]:
        """Where an example comes in the order of reading; what is not listed comes last."""
        listed_at = self.order.index(example) if example in self.order else len(self.order)
        return listed_at, example

    def unlisted(self, examples: Iterable[str]) -> tuple[str, ...]:
        """Those of the examples that a ``corpus.toml`` should list and does not.

        One that lists none leaves the order open, and nothing is missing.
        """
        return tuple(each for each in examples if self.order and each not in self.order)


def corpus_of(directory: Path) -> Path:
    """The corpus that an example lies in: ``corpus/topic/name``."""
    return directory.parent.parent


def corpora_of(directories: Iterable[Path]) -> dict[Path, Corpus]:
    """What is said of each corpus that the examples lie in; raises SpecError."""
    return {path: load_corpus(path) for path in dict.fromkeys(map(corpus_of, directories))}


def continued_by(corpus: Path) -> Path | None:
    """The corpus that this one comes ``after``; None if it is one of its own. Raises SpecError."""
    after = load_corpus(corpus).after
    return Path(os.path.normpath(corpus / after)) if after else None


def continuations(corpus: Path) -> tuple[Path, ...]:
    """The corpora beside this one that come after it, by name; raises SpecError."""
    own = Path(os.path.normpath(corpus.absolute()))
    beside = sorted(file.parent for file in own.parent.glob(f"*/{CORPUS_FILE}"))
    names = [each.name for each in beside if continued_by(each) == own]
    return tuple(Path(os.path.normpath(corpus / ".." / name)) for name in names)


def is_corpus(directory: Path) -> bool:
    """Whether it says of itself that it is one."""
    return (directory / CORPUS_FILE).exists()


def load_corpus(corpus: Path) -> Corpus:
    """What ``corpus.toml`` says; raises SpecError for whatever is wrong with it."""
    path = corpus / CORPUS_FILE
    if not path.exists():
        return Corpus()
    source = read_source(path, "the order of a corpus")
    return _parse(Table(source, "", read_toml(source)), corpus)


def _parse(table: Table, corpus: Path) -> Corpus:
    """What ``corpus.toml`` says; raises SpecError for whatever is wrong with it."""
    whole = {key: table.text(key, default) for key, default in _OWN_TEXTS.items()}
    languages = _parse_languages(table)
    titles: dict[str, str] = {}
    order: list[str] = []
    topics = table.table("topics", {})
    for name in topics.keys:
        topic = topics.table(name)
        if not is_name(name):
            topic.fail(
                "", f'expected the name of a directory, such as "life-cycle", found "{name}"'
            )
        titles[name] = topic.text("title", "")
        order += _parse_examples(topic, name, corpus)
        topic.finish()
    if whole["after"] and not (corpus / whole["after"] / CORPUS_FILE).exists():
        table.fail("after", f'expected the directory of a corpus, found "{whole["after"]}"')
    table.finish()
    return Corpus(**whole, languages=languages, topics=titles, order=tuple(order), is_said=True)


def _parse_languages(table: Table) -> tuple[str, ...]:
    """Those of the site; each of ``LANGUAGES`` once at most, and one at least."""
    languages = table.texts("languages", LANGUAGES)
    unknown = [each for each in languages if each not in LANGUAGES]
    if unknown or not languages or len(set(languages)) < len(languages):
        found = listed(languages) or "none"
        table.fail("languages", f"expected {listed(LANGUAGES)}, or one of them, found {found}")
    return languages


def _parse_examples(topic: Table, name: str, corpus: Path) -> list[str]:
    """The examples of a topic in their order, by ``topic/name``; each has to be there."""
    names = topic.texts("examples")
    there = sorted(path.parent.name for path in (corpus / name).glob("*/example.toml"))
    for position, each in enumerate(names):
        if each in names[:position]:
            topic.fail("examples", f'"{each}" is there twice')
        if each not in there:
            known = f"there is {listed(there)}" if there else "there is none"
            topic.fail(
                "examples",
                f'there is no example "{each}" in {corpus / name}{nearest(each, there)}; {known}',
            )
    return [f"{name}/{each}" for each in names]
