"""The hook for MkDocs and the extension for Sphinx: by what these hand over, without them."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from harness.books import mkdocs, sphinx
from harness.books.shelf import Shelf


class RefusedError(Exception):
    """Stands for their errors."""


@pytest.fixture(autouse=True)
def _their_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """The errors that each takes for the author's."""
    for module, name in (("mkdocs.exceptions", "PluginError"), ("sphinx.errors", "SphinxError")):
        stand_in = ModuleType(module)
        setattr(stand_in, name, RefusedError)
        monkeypatch.setitem(sys.modules, module.partition(".")[0], ModuleType("its package"))
        monkeypatch.setitem(sys.modules, module, stand_in)


def by_mkdocs(book: Path, text: str, **settings: object) -> str:
    """The page as MkDocs gets it."""
    config: dict[str, Any] = {
        "config_file_path": str(book / "mkdocs.yml"),
        "extra": {"pairs": {"corpus": "corpus", **settings}},
    }
    page = SimpleNamespace(file=SimpleNamespace(src_uri="page.md"))
    return mkdocs.on_page_markdown(text, page=page, config=config, files=())


def by_sphinx(book: Path, text: str, name: str = "page.md", **settings: object) -> str:
    """The document as Sphinx gets it."""
    app = SimpleNamespace(
        config=SimpleNamespace(pairs={"corpus": "corpus", **settings}, language="en"),
        confdir=str(book),
        env=SimpleNamespace(doc2path=lambda _document, base: name if base is False else ""),
    )
    source = [text]
    sphinx.put_pairs(app, "page", source)
    return source[0]


def test_a_page_gets_its_pairs(shelf: Shelf) -> None:
    """Python-Markdown is told of the Markdown between HTML, in the language that is asked for."""
    book = shelf.corpus.parent
    page = by_mkdocs(book, "{{#pair join}}\n", language="ko")
    assert '<div class="pair-side" style="flex: 1 1 20em; min-width: 0" markdown="1">' in page
    assert "```rust\n" in page
    assert "확인한 주장" in page
    document = by_sphinx(book, "{{#pair join}}\n")
    assert document.count('class="pair-side"') == 2
    assert "markdown=" not in document
    assert by_mkdocs(book, "none\n") == "none\n"
    assert by_sphinx(book, "{{#pair join}}\n", "page.rst") == "{{#pair join}}\n"


@pytest.mark.parametrize("put", [by_mkdocs, by_sphinx])
def test_what_is_wrong_is_told_with_file_and_line(shelf: Shelf, put: Any) -> None:
    """All of it at once, as an error of the author's."""
    book = shelf.corpus.parent
    with pytest.raises(RefusedError, match=r"page\.md:3: \{\{#pair a\}\}: .*\npage\.md:5: "):
        put(book, "\n\n{{#pair a}}\n\n{{#pair b}}\n")
    with pytest.raises(RefusedError, match=r"pairs\.corpus: there is no directory"):
        put(book, "{{#pair join}}\n", corpus="nowhere")
    with pytest.raises(RefusedError, match=r"pairs\.site: expected a text, found 1"):
        put(book, "{{#pair join}}\n", site=1)


def test_sphinx_is_asked_for_what_is_read() -> None:
    """The extension says what it needs, and that it may work in parallel."""
    asked: list[tuple[object, ...]] = []
    app = SimpleNamespace(
        add_config_value=lambda *words: asked.append(words),
        connect=lambda *words: asked.append(words),
    )
    assert sphinx.setup(app)["parallel_read_safe"]
    assert [("pairs", {}, "env"), ("source-read", sphinx.put_pairs)] == asked
