"""Data and words → pages as text. Pure: nothing is read or written here but the templates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from harness.site.data import PageData
from harness.site.glossary import Linker
from harness.site.library import Library
from harness.site.texts import Translations, counterparts_korean
from harness.site.views.breaks import break_views
from harness.site.views.counterparts import (
    CounterpartGroupView,
    counterpart_views,
    row_id,
    rows_of,
)
from harness.site.views.holds import hold_views
from harness.site.views.lookup import lookup_views, slug
from harness.site.views.printed import printed_views
from harness.site.views.programs import commands_for, module_view, program_views
from harness.site.views.topics import topic_view
from harness.site.views.truth import guess_views, property_views
from harness.site.words import ENGLISH, Words, glossary_of
from harness.values.program import Side

_START = (
    "spawn",
    "join",
    "move-into-thread",
    "lost-update",
    "mutex-counter",
    "lock-order",
    "bounded-queue",
)
"""What a reader in a hurry reads first."""

_READING = (
    ("let", "let n = 1;  let mut n = 1;"),
    ("vec", "vec![1, 2, 3]"),
    ("reference", "&x  &mut x  *r"),
    ("closure", "|x| x + 1  move || { … }"),
    ("result", "Ok(value)  Err(error)"),
    ("unwrap", "result.unwrap()"),
    ("match", "match … { Ok(x) => … }  if let …"),
    ("macro", 'println!("{x}")'),
    ("path", "thread::spawn  Arc::clone(&x)"),
    ("types", "fn f(n: u32) -> f64"),
    ("block", "{ … }"),
    ("unit", "()"),
)
"""What a reader of Python has to be told of Rust's signs, each beside how it is written."""

_LOOKUPS = {"from-python.html": Side.PYTHON, "from-rust.html": Side.RUST}

SHOWN_BREAKS = 3
"""Exercises of each side on the pair's own page; where there are more, one page has them all."""

TOLD_USES = 6
"""Pairs below one name of a look-up table of which it is said what their other side uses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A pair that a page leads to."""

    href: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A pair on the index."""

    href: str
    number: int
    title: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Some pairs on the index that belong together; ``start`` is the number of the first.

    ``href`` leads to the topic's own page, if it has one.
    """

    id: str
    href: str
    title: str
    about: str
    start: int
    pairs: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The figures on the index."""

    pairs: int
    properties: int
    runs: int
    interleavings: int
    plain: int
    plain_interleavings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The whole site in one language."""

    library: Library
    words: Words

    @property
    def prefix(self) -> str:
        """Where its pages lie: those of the corpus's first language at the root."""
        return self._prefix(self.words.code)

    def _prefix(self, code: str) -> str:
        return "" if code == self.library.corpus.languages[0] else f"{code}/"

    def _other(self, root: str, name: str) -> dict[str, str] | None:
        """The same page in the other language, if the corpus has one."""
        for code in self.library.corpus.languages:
            if code != self.words.code:
                href = f"{root}{self._prefix(code)}{name}"
                return {"code": code, "name": self.words.say("site.language"), "href": href}
        return None

    def pages(self) -> Iterator[tuple[str, str]]:
        """Every page of the language, with its path."""
        yield self._render("index.html", "index.html", **self._index())
        has_both = any(len(page.spec.sides) > 1 for page in self.library.pages)
        yield self._render(
            "start.html",
            "start.html",
            first=self._first(),
            reading=_READING if has_both else (),
            gloss=self._linker(""),
        )
        yield self._render("glossary.html", "glossary.html", terms=glossary_of(self.words.code))
        for name, side in _LOOKUPS.items():
            groups = lookup_views(self.library.pages, self.library.names, side, self._titles())
            yield self._render(
                "lookup.html",
                name,
                side=side.value,
                groups=groups,
                told=TOLD_USES,
                counterparts=self._counterparts_of(side),
            )
        if self.library.exercises:
            yield self._render("mend.html", "mend.html", exercises=self._exercises())
        yield self._render("counterparts.html", "counterparts.html", groups=self._counterparts())
        for index, topic in enumerate(told := self._told()):
            yield self._render("topic.html", topic.href, **self._topic_page(index, told))
        for index, page in enumerate(self.library.pages):
            pair = self._pair(index, page)
            yield self._render("pair.html", path_of(page), **pair)
            if any(len(views) > SHOWN_BREAKS for _, views in pair["breaks"]):
                yield self._render(
                    "exercises.html",
                    exercises_path(page),
                    title=pair["title"],
                    breaks=pair["breaks"],
                    claims_at=f"../{path_of(page)}",
                )

    def title(self, page: PageData) -> str:
        """The title of a pair."""
        return self.words.text(self._translations(page), "title", page.spec.title)

    def summary(self, page: PageData) -> str:
        """The summary of a pair."""
        text = self.words.text(self._translations(page), "summary", page.spec.summary)
        return " ".join(text.split())

    def topic(self, name: str, part: str = "") -> str:
        """The title of a topic (or ``.about`` it), in English as its corpus has it.

        A topic without texts is called by its name.
        """
        given = self.library.topics.get(name) or name.replace("-", " ").capitalize()
        if not part and self.words.code == ENGLISH and self.library.topics.get(name):
            return given
        return self.words.ui.get(f"topic.{name}{part}", "" if part else given)

    def _translations(self, page: PageData) -> Translations:
        return self.library.translations[page.spec.id]

    def _exercises(self) -> list[dict[str, Any]]:
        """The exercises, each with its pair's page.

        Those whose pair is not on the site are left out.
        """
        pages = {page.spec.id: page for page in self.library.pages}
        return [
            {
                "name": spec.name,
                "title": self.title(pages[spec.id]),
                "href": path_of(pages[spec.id]),
                "task": self.words.text(each.translations, spec.name, each.exercise.task),
                "paths": each.exercise.paths,
            }
            for each in self.library.exercises
            if (spec := each.exercise.spec)
        ]

    def _counterparts(self) -> tuple[CounterpartGroupView, ...]:
        library = self.library
        korean = counterparts_korean()
        return counterpart_views(library.pages, library.names, self._titles(), korean, self.words)

    def _counterparts_of(self, side: Side) -> dict[str, list[tuple[str, str]]]:
        """What the other side has in the place of each name: where that is told, and the names."""
        other = Side.RUST if side is Side.PYTHON else Side.PYTHON
        nothing = self.words.say("counterparts.none")
        return {
            slug(name): [(row_id(row), ", ".join(row.names[other]) or nothing) for row in rows]
            for name, rows in rows_of(side).items()
        }

    def _titles(self) -> dict[str, str]:
        return {page.spec.id: self.title(page) for page in self.library.pages}

    def _render(self, template: str, name: str, **values: Any) -> tuple[str, str]:
        """A page by its template, at its path; ``root`` leads from there to the top of the site.

        Links are relative, so that the site works from any directory, and from files.
        """
        path = self.prefix + name
        depth, inner = path.count("/"), name.count("/")
        root = "../" * depth
        text = self.library.environment.get_template(template).render(
            words=self.words,
            corpus=self.library.corpus,
            say=self.words.say,
            count=self.words.count,
            page=name,
            has_exercises=bool(self.library.exercises),
            repository=self.library.repository,
            root=root,
            home_root="../" * inner,
            other=self._other(root, name),
            **values,
        )
        return path, text

    def _index(self) -> dict[str, Any]:
        return {"topics": self._topics(), "totals": totals_of(self.library.pages)}

    def _topics(self) -> tuple[Topic, ...]:
        """The topics in reading order with their pairs, numbered through from 1."""
        numbered = enumerate(self.library.pages, 1)
        return tuple(
            self._topic(name, tuple(self._card(number, page) for number, page in group))
            for name, group in groupby(numbered, key=lambda pair: pair[1].spec.topic)
        )

    def _told(self) -> tuple[Topic, ...]:
        """The topics that have a page of their own."""
        return tuple(topic for topic in self._topics() if topic.href)

    def topic_href(self, name: str) -> str:
        """Where a topic's own page lies; empty if it has none."""
        return f"topics/{name}.html" if name in self.library.told else ""

    def _topic_page(self, index: int, topics: Sequence[Topic]) -> dict[str, Any]:
        """What the template of a topic is given."""

        def link(place: int) -> Link | None:
            if not 0 <= place < len(topics):
                return None
            return Link(href=f"{topics[place].id}.html", title=topics[place].title)

        topic = topics[index]
        pairs = {page.spec.name: (path_of(page), self.title(page)) for page in self.library.pages}
        return {
            "id": topic.id,
            "title": topic.title,
            "about": topic.about,
            "number": index + 1,
            "total": len(topics),
            "start": topic.start,
            "pairs": topic.pairs,
            "told": topic_view(self.library.told[topic.id], pairs, self.words),
            "gloss": self._linker("../"),
            "previous": link(index - 1),
            "following": link(index + 1),
        }

    def _first(self) -> tuple[Card, ...]:
        """The pairs that a reader in a hurry reads: those of ``_START`` that there are."""
        by_name = {page.spec.name: (n, page) for n, page in enumerate(self.library.pages, 1)}
        return tuple(self._card(*by_name[name]) for name in _START if name in by_name)

    def _linker(self, root: str) -> Linker:
        return Linker(terms=glossary_of(self.words.code), place=f"{root}glossary.html")

    def _topic(self, name: str, cards: tuple[Card, ...]) -> Topic:
        title, about = self.topic(name), self.topic(name, ".about")
        return Topic(
            id=name,
            href=self.topic_href(name),
            title=title,
            about=about,
            start=cards[0].number,
            pairs=cards,
        )

    def _card(self, number: int, page: PageData) -> Card:
        return Card(
            href=path_of(page), number=number, title=self.title(page), summary=self.summary(page)
        )

    def _link(self, index: int) -> Link | None:
        """The pair at that place of the reading order.

        ``None`` before the first and after the last.
        """
        if not 0 <= index < len(self.library.pages):
            return None
        page = self.library.pages[index]
        return Link(href=f"{page.spec.name}.html", title=self.title(page))

    def _pair(self, index: int, page: PageData) -> dict[str, Any]:
        """What the template of a pair is given."""
        words, translations = self.words.about(page.spec), self._translations(page)
        return {
            "spec": page.spec,
            "gloss": self._linker("../"),
            "title": self.title(page),
            "summary": self.summary(page),
            "topic_title": self.topic(page.spec.topic),
            "topic_href": self.topic_href(page.spec.topic) or f"index.html#{page.spec.topic}",
            "has_runs": bool(page.seen),
            "is_released": page.is_released,
            "number": index + 1,
            "total": len(self.library.pages),
            "sides": [side.value for side in Side],
            "programs": program_views(page, words, translations),
            "module": module_view(page),
            "commands": commands_for(page),
            "guesses": guess_views(page, words, translations),
            "properties": property_views(page, words, translations),
            "printed": printed_views(page, words),
            "breaks": break_views(page, words, translations, self.library.corpus.command),
            "claims_at": "",
            "shown_breaks": SHOWN_BREAKS,
            "exercises_at": exercises_path(page),
            "holds": hold_views(page, self.library.toolchains, words) if page.seen else (),
            "previous": self._link(index - 1),
            "following": self._link(index + 1),
        }


def path_of(page: PageData) -> str:
    """Where a pair's page lies. Names are unique in a corpus, and a pair may change its topic."""
    return f"pairs/{page.spec.name}.html"


def exercises_path(page: PageData) -> str:
    """Where the page with all exercises of a pair lies, if the pair's own has not room for them."""
    return f"exercises/{page.spec.name}.html"


def totals_of(pages: Sequence[PageData]) -> Totals:
    """The figures of the whole corpus."""
    return Totals(
        pairs=len(pages),
        properties=sum(len(page.spec.properties) for page in pages),
        runs=sum(seen.total.runs for page in pages for seen in page.seen),
        interleavings=sum(seen.total.distinct for page in pages for seen in page.seen),
        plain=sum(seen.plain.runs for page in pages for seen in page.seen),
        plain_interleavings=sum(seen.plain.distinct for page in pages for seen in page.seen),
    )
