"""What is told of a topic as a whole: ``topic.toml`` beside its examples, and its Korean.

A topic has its ideas in order, a diagram, and what to take away. The Korean is in ``ko.toml``
in the same directory, kept as that of an example is. A corpus may have none of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.language.corpus import corpus_of
from harness.language.declarations import SPEC_FILE, Spec
from harness.language.spec.reading import read_source, read_toml
from harness.language.tables import Table
from harness.site.texts import (
    TRANSLATION_FILE,
    Text,
    TextFault,
    Translations,
    faults_of,
    read_translations_at,
)

TOPIC_FILE = "topic.toml"

MARKS = ".|:#=o@vx!()wuWUD"
"""What a lane can be at one row of a diagram (see ``harness.site.views.topics``)."""

_ARROW = re.compile(r"([1-9])>([1-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """One idea of a topic, and the pairs that show it, by name."""

    title: str
    text: str
    pairs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagramRow:
    """One moment: a mark for each lane, an arrow from one lane to another, what happens."""

    marks: str
    arrow: tuple[int, int] | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """A course of events that shows what the topic is about; time goes downward."""

    caption: str
    lanes: tuple[str, ...]
    rows: tuple[DiagramRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicText:
    """All that is told of a topic in English, and its Korean."""

    name: str
    ideas: tuple[Idea, ...]
    diagram: Diagram
    away: tuple[str, ...]
    translations: Translations

    def texts(self) -> Iterator[Text]:
        """Every text that is to be translated, by its role."""
        for number, idea in enumerate(self.ideas, 1):
            yield Text(role=f"idea {number}", english=idea.title)
            yield Text(role=f"idea {number}: text", english=idea.text)
        yield Text(role="caption", english=self.diagram.caption)
        for number, lane in enumerate(self.diagram.lanes, 1):
            yield Text(role=f"lane {number}", english=lane)
        for number, row in enumerate(self.diagram.rows, 1):
            yield Text(role=f"row {number}", english=row.text)
        for number, text in enumerate(self.away, 1):
            yield Text(role=f"away {number}", english=text)


def topic_texts_of(specs: Iterable[Spec]) -> Mapping[str, TopicText]:
    """What is told of the topics of the examples, by topic; raises SpecError, TranslationError."""
    places = dict.fromkeys(corpus_of(spec.directory) / spec.topic for spec in specs)
    return {place.name: read_topic(place) for place in places if (place / TOPIC_FILE).exists()}


def read_topic(directory: Path) -> TopicText:
    """What the ``topic.toml`` of a directory tells; raises SpecError for whatever is wrong."""
    source = read_source(directory / TOPIC_FILE, "what is told of a topic")
    table = Table(source, "", read_toml(source))
    there = {path.parent.name for path in directory.glob(f"*/{SPEC_FILE}")}
    text = TopicText(
        name=directory.name,
        ideas=tuple(_idea(each, there) for each in table.tables("ideas")),
        diagram=_diagram(table.table("diagram")),
        away=table.texts("away"),
        translations=read_translations_at(directory / TRANSLATION_FILE),
    )
    table.finish()
    return text


def faults_of_topics(specs: Iterable[Spec]) -> Iterator[TextFault]:
    """What is wrong with the translations of the topics of the examples."""
    for told in topic_texts_of(specs).values():
        texts = {text.role: text.english for text in told.texts()}
        yield from faults_of(texts, told.translations)


def _idea(table: Table, there: set[str]) -> Idea:
    """An idea of a topic, with examples that are there."""
    pairs = table.texts("pairs")
    for each in pairs:
        if each not in there:
            table.fail("pairs", f'expected examples of this topic, found "{each}"')
    idea = Idea(title=table.text("title"), text=table.text("text"), pairs=pairs)
    table.finish()
    return idea


def _diagram(table: Table) -> Diagram:
    """A drawing of what threads do, row by row."""
    lanes = table.texts("lanes")
    diagram = Diagram(
        caption=table.text("caption"),
        lanes=lanes,
        rows=tuple(_row(each, len(lanes)) for each in table.tables("rows")),
    )
    table.finish()
    return diagram


def _row(table: Table, lanes: int) -> DiagramRow:
    """A mark for each lane, and an arrow from one of them to another."""
    marks = table.text("marks")
    if len(marks) != lanes or not set(marks) <= set(MARKS):
        table.fail("marks", f'expected one of "{MARKS}" for each of {lanes} lanes, found "{marks}"')
    arrow = table.text("arrow", "")
    found = _ARROW.fullmatch(arrow)
    ends = (int(found[1]), int(found[2])) if found else None
    if arrow and (ends is None or max(ends) > lanes or ends[0] == ends[1]):
        table.fail("arrow", f'expected two of {lanes} lanes, such as "1>2", found "{arrow}"')
    row = DiagramRow(marks=marks, arrow=ends, text=table.text("text"))
    table.finish()
    return row
