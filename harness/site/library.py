"""All that the pages are made of: the data of every pair, and what is common to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from jinja2 import Environment

from harness.language.corpus import Corpus, corpora_of
from harness.site.data import PageData
from harness.site.markup import make_environment
from harness.site.mending import ToldExercise, told_exercises
from harness.site.texts import Translations, read_translations
from harness.site.topics import TopicText, topic_texts_of
from harness.site.views.holds import toolchains_of
from harness.site.views.lookup import Names, names_of
from harness.values.toolchain import Toolchain


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """All that is rendered: the data of every pair in reading order, and what is common to them."""

    pages: tuple[PageData, ...]
    translations: Mapping[str, Translations]
    names: Names
    topics: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, TopicText] = field(default_factory=dict)
    exercises: tuple[ToldExercise, ...] = ()
    corpus: Corpus = field(default_factory=Corpus)
    toolchains: tuple[Toolchain, ...] = ()
    repository: str = ""
    environment: Environment = field(repr=False)


def make_library(pages: Sequence[PageData], repository: str = "") -> Library:
    """Everything that all pages in all languages share; reads the translations beside the specs.

    ``repository`` is the address of the programs' repository, if there is one to lead to.

    The pages are read topic by topic, in the order in which the topics first appear.
    """
    topics = list(dict.fromkeys(page.spec.topic for page in pages))
    pages = sorted(pages, key=lambda page: topics.index(page.spec.topic))
    return Library(
        pages=tuple(pages),
        translations={page.spec.id: read_translations(page.spec) for page in pages},
        names=names_of(pages),
        topics=_titles_of_topics(pages),
        told=topic_texts_of(page.spec for page in pages),
        exercises=told_exercises(page.spec for page in pages),
        corpus=_corpus_of(pages),
        toolchains=toolchains_of(pages),
        repository=repository.rstrip("/"),
        environment=make_environment(),
    )


def _corpus_of(pages: Iterable[PageData]) -> Corpus:
    """What is said of the corpus; of several, the first of which something is said."""
    corpora = corpora_of(page.spec.directory for page in pages).values()
    return next((corpus for corpus in corpora if corpus.is_said), Corpus())


def _titles_of_topics(pages: Iterable[PageData]) -> Mapping[str, str]:
    titles: dict[str, str] = {}
    for corpus in corpora_of(page.spec.directory for page in pages).values():
        titles |= corpus.topics
    return titles
