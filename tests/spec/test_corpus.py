"""``corpus.toml``: the title of a corpus, its topics, and the order of reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from harness.cli import run_command_line
from harness.language.corpus import load_corpus
from harness.language.discovery import find_examples, load_each, unlisted
from harness.values.errors import ExitCode, SpecError
from tests.spec.examples import write_example

if TYPE_CHECKING:
    from pathlib import Path

CORPUS = """\
title = "Some pairs"

[topics.b]
title    = "The second letter"
examples = ["w"]

[topics.a]
examples = ["y"]
"""


def corpus_of(directory: Path, text: str = CORPUS) -> Path:
    """A corpus of three examples, with this order."""
    for name in ("a/x", "a/y", "b/w"):
        write_example(directory, name=name)
    (directory / "corpus.toml").write_text(text, encoding="utf-8")
    return directory


def test_examples_come_as_the_corpus_lists_them(tmp_path: Path) -> None:
    """What it does not list is found all the same, comes last, and is told."""
    loaded = load_each(find_examples([corpus_of(tmp_path)]))
    assert ["b/w", "a/y", "a/x"] == [spec.id for spec in loaded.specs]
    assert ("a/x",) == unlisted(loaded.specs)


def test_a_corpus_without_an_order_comes_by_name(tmp_path: Path) -> None:
    """And nothing is missing from a list that there is not."""
    corpus = corpus_of(tmp_path)
    (corpus / "corpus.toml").unlink()
    loaded = load_each(find_examples([corpus]))
    names = [spec.id for spec in loaded.specs]
    assert (["a/x", "a/y", "b/w"], ()) == (names, unlisted(loaded.specs))


def test_a_corpus_names_its_topics(tmp_path: Path) -> None:
    """A topic without a title has none."""
    corpus = load_corpus(corpus_of(tmp_path))
    assert ("Some pairs", {"b": "The second letter", "a": ""}) == (corpus.title, corpus.topics)


@pytest.mark.parametrize(("old", "new", "message"), [
    pytest.param('"y"', '"z"',
                 'corpus.toml:8: topics.a.examples: there is no example "z" in {a}; '
                 'there is "x", "y"', id="no example"),
    pytest.param('["y"]', '["y", "y"]',
                 'corpus.toml:8: topics.a.examples: "y" is there twice', id="one twice"),
    pytest.param("topics.a", "topics.A",
                 'corpus.toml:7: topics.A: expected the name of a directory, such as "life-cycle", '
                 'found "A"', id="no directory"),
    pytest.param('title = "Some pairs"', 'titel = "Some pairs"',
                 'corpus.toml:1: unknown key "titel" (did you mean "title"?); known here: '
                 '"after", "command", "languages", "lead", "setup", "title", "topics"',
                 id="an unknown key"),
    pytest.param('title = "Some pairs"', 'languages = ["de"]',
                 'corpus.toml:1: languages: expected "en", "ko", or one of them, found "de"',
                 id="an unknown language"),
    pytest.param('examples = ["w"]', "", 'corpus.toml:3: topics.b: expected the key "examples", '
                 "which is missing", id="no examples"),
    pytest.param("[topics.b]", "[topics.b", "corpus.toml:3: no valid TOML: Expected ']' at the end "
                 "of a table declaration (column 10)", id="no TOML"),
])  # fmt: skip
def test_an_order_that_is_wrong_is_refused(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    """With the file, the line, and what was expected."""
    corpus = corpus_of(tmp_path, CORPUS.replace(old, new))
    with pytest.raises(SpecError) as caught:
        load_each(find_examples([corpus]))
    assert message.format(a=corpus / "a") == str(caught.value).replace(f"{corpus}/", "", 1)


def test_the_list_tells_what_is_not_in_the_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As its last line; the examples stand as the corpus lists them."""
    assert ExitCode.OK == run_command_line(["list", str(corpus_of(tmp_path))])
    *rows, last = capsys.readouterr().out.splitlines()
    assert ["b", "w", "a", "y", "x"] == [row.split()[0] for row in rows]
    assert "a/x is not listed in corpus.toml: it comes last in the order of reading" == last
