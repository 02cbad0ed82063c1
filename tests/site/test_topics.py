"""A topic has a page where its directory tells something of it; what is wrong there is said."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from harness.language.declarations import Spec
from harness.language.discovery import find_examples, load_all
from harness.site.data import gather
from harness.site.library import make_library
from harness.site.topics import faults_of_topics, read_topic, topic_texts_of
from harness.site.views.topics import topic_view
from harness.site.words import words_of
from harness.site.writing import write_site
from harness.values.errors import SpecError
from tests.site.sample import CORPUS

PACKAGES = CORPUS.parent / "packages"
"""The corpus of pairs that need packages, which comes after the other."""

TOLD = """
away = ["End well."]
[[ideas]]
title = "One"
text  = "A `Thread`."
pairs = ["join"]
[diagram]
caption = "Two."
lanes   = ["main", "worker"]
rows    = [{ marks = "ov", arrow = "1>2", text = "starts" }, { marks = "W!", text = "fails" }]
"""


@pytest.fixture
def topic(tmp_path: Path) -> Path:
    """A topic with one pair, of which something is told."""
    place = tmp_path / "life-cycle"
    shutil.copytree(CORPUS / "life-cycle" / "join", place / "join")
    (place / "topic.toml").write_text(TOLD)
    return place


def specs_in(topic: Path) -> tuple[Spec, ...]:
    """The examples of the topic's corpus."""
    return load_all(find_examples((topic.parent,)))


@pytest.mark.parametrize("corpus", [CORPUS, PACKAGES])
def test_every_pair_of_the_corpus_shows_an_idea_of_its_topic(corpus: Path) -> None:
    """And every topic has some ideas, a diagram, and something to take away."""
    specs = load_all(find_examples((corpus,)))
    told = topic_texts_of(specs)
    shown = {(name, pair) for name, t in told.items() for idea in t.ideas for pair in idea.pairs}
    assert shown == {(spec.topic, spec.name) for spec in specs if spec.topic in told}
    several = Counter(spec.topic for spec in specs)  # a pair alone has no topic to tell of
    assert told.keys() == {topic for topic, pairs in several.items() if pairs > 1}
    assert all(len(t.ideas) >= min(4, several[name]) for name, t in told.items())
    assert all(len(t.away) >= 3 and t.diagram.rows for t in told.values())


@pytest.mark.parametrize("corpus", [CORPUS, PACKAGES])
def test_every_text_of_the_topics_is_translated(corpus: Path) -> None:
    """None is missing, stale or superfluous in Korean."""
    specs = load_all(find_examples((corpus,)))
    assert [] == [str(fault) for fault in faults_of_topics(specs)]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_topic_of_ours_has_a_name_and_a_line_on_the_index(language: str) -> None:
    """In each language; that they are translated is held by the check of all texts."""
    specs = load_all(find_examples((CORPUS, PACKAGES)))
    named = {f"topic.{spec.topic}{part}" for spec in specs for part in ("", ".about")}
    assert named <= words_of(language).ui.keys()


@pytest.mark.parametrize("place", ["", "ko/"])
def test_a_topic_has_a_page_that_leads_to_its_pairs(whole_site: Path, place: str) -> None:
    """From the index, from each pair, and back; with its diagram in words."""
    page = (whole_site / place / "topics/deadlock.html").read_text(encoding="utf-8")
    assert 'href="../pairs/lock-order.html"' in page
    rows = read_topic(CORPUS / "deadlock").diagram.rows
    assert page.count('<span class="moment') == len(rows)
    index = (whole_site / place / "index.html").read_text(encoding="utf-8")
    assert 'href="topics/deadlock.html"' in index
    pair = (whole_site / place / "pairs/lock-order.html").read_text(encoding="utf-8")
    assert '<a href="../topics/deadlock.html">' in pair


def test_a_corpus_need_not_tell_of_its_topics(site: Path) -> None:
    """The index is then all there is, and pairs lead there."""
    assert not (site / "topics").exists()
    assert "index.html#life-cycle" in (site / "pairs/join.html").read_text(encoding="utf-8")


def test_what_has_not_been_translated_is_named(topic: Path) -> None:
    """Each text by its role, in the file that it is missing from."""
    faults = list(faults_of_topics(specs_in(topic)))
    assert {fault.path for fault in faults} == {topic / "ko.toml"}
    roles = {"idea 1", "idea 1: text", "caption", "lane 1", "lane 2", "row 1", "row 2", "away 1"}
    assert {fault.role for fault in faults} == roles


def test_pairs_that_are_not_on_the_site_are_not_led_to(topic: Path) -> None:
    """A part of the corpus may be all that is shown."""
    view = topic_view(read_topic(topic), {}, words_of("en"))
    assert view.ideas[0].pairs == ()
    view = topic_view(read_topic(topic), {"join": ("pairs/join.html", "Join")}, words_of("en"))
    assert view.ideas[0].pairs == (("pairs/join.html", "Join"),)


def test_a_row_is_drawn_as_its_marks_say(topic: Path) -> None:
    """What a lane does before and after; an arrow that stops short of the other lane."""
    drawn = topic_view(read_topic(topic), {}, words_of("en")).diagram
    first, second = drawn.rows
    assert [(s.kind, s.lane, s.top) for s in first.strokes] == [("run", 0, "0"), ("run", 1, "50%")]
    assert first.arrow is not None
    assert 13 < first.arrow[0] < first.arrow[1] < 39
    assert [(s.kind, s.lane) for s in second.strokes] == [("hold", 0), ("wait", 0), ("run", 1)]
    assert [mark.kind for mark in second.marks] == ["dot", "fail"]
    assert drawn.kinds == ("hold", "wait")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('["join"]', '["jion"]', 'expected examples of this topic, found "jion"'),
        ('"ov"', '"o"', "for each of 2 lanes"),
        ('"ov"', '"oQ"', "for each of 2 lanes"),
        ('"1>2"', '"1>3"', 'expected two of 2 lanes, such as "1>2", found "1>3"'),
        ('"1>2"', '"to the right"', "expected two of 2 lanes"),
        ("away", "aways", 'expected the key "away"'),
        ("caption", "captain", 'expected the key "caption"'),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    topic: Path, old: str, new: str, complaint: str
) -> None:
    """File, key, what was expected, what was found."""
    (topic / "topic.toml").write_text(TOLD.replace(old, new))
    with pytest.raises(SpecError, match=re.escape(complaint)) as caught:
        read_topic(topic)
    assert str(topic / "topic.toml") in str(caught.value)


def test_a_page_of_a_topic_is_made_of_what_is_there(topic: Path, tmp_path: Path) -> None:
    """One topic: neither before nor after it is another."""
    pages = gather(specs_in(topic), tmp_path / "state")
    write_site(make_library(pages), tmp_path / "site")
    page = (tmp_path / "site" / "topics" / "life-cycle.html").read_text(encoding="utf-8")
    assert "A <code>Thread</code>." in page or "<code>Thread</code></a>." in page
    assert 'rel="prev"' not in page
    assert 'rel="next"' not in page
