"""mdBook's protocol for preprocessors: a book as JSON on stdin, the changed book on stdout.

mdBook 0.4 calls the list of a book's parts ``sections``, 0.5 ``items``. Whatever else is in the
JSON is handed back as it came.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.books.directives import DirectiveFault, Expanded, expand
from harness.books.markup import Style, language_of, show_pair
from harness.books.settings import KEYS, open_shelf
from harness.values.errors import UsageError

TABLE = "pair"
"""The book's table of settings: ``[preprocessor.pair]``."""

_OF_MDBOOK = frozenset(
    ("command", "after", "before", "renderer", "renderers", "optional")
)  # what mdBook itself reads of the table


@dataclass(frozen=True, slots=True)
class ChapterFault:
    """A fault, and the chapter in which it is, as the author knows it."""

    chapter: str
    fault: DirectiveFault

    def __str__(self) -> str:
        """``src/join.md:7: {{#pair nobody}}: what is wrong``."""
        return self.fault.told(self.chapter)


@dataclass(frozen=True, slots=True)
class Book:
    """A book after its directives have been replaced, as JSON, and what is wrong with them."""

    json: str
    faults: tuple[ChapterFault, ...]


def preprocess(text: str) -> Book:
    """The book that mdBook gives us, with its pairs in it; raises UsageError for anything else."""
    context, book = _read(text)
    setting = _Setting(context)
    faults = [fault for chapter in _chapters(book) for fault in setting.fill(chapter)]
    return Book(json.dumps(book, ensure_ascii=False), tuple(faults))


def _read(text: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The context and the book that mdBook sends; raises UsageError if it is not from mdBook.

    Versions before 0.5 call the book's parts ``sections``, and later ones ``items``.
    """
    try:
        context, book = json.loads(text)
        has_parts = isinstance(book.get("items", book.get("sections")), list)
        if has_parts and isinstance(context["config"], dict) and isinstance(context["root"], str):
            return context, book
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        pass
    raise UsageError(
        'expected a book from mdBook on stdin, which calls this command by "[preprocessor.pair]" '
        'with command = "harness mdbook" in its book.toml'
    )


def _chapters(book: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """All chapters, those within others too."""
    waiting = list(book.get("items", book.get("sections")) or ())
    while waiting:
        item = waiting.pop(0)
        chapter = item.get("Chapter") if isinstance(item, dict) else None
        if isinstance(chapter, dict):
            yield chapter
            waiting[:0] = chapter.get("sub_items") or ()


class _Setting:
    """What the book's settings say, and its pairs."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        config = context["config"]
        table = _table(config, "preprocessor", TABLE)
        _see_that_all_is_known(table)
        root = Path(context["root"])
        html = _table(config, "output", "html")
        self._sources = root / str(_table(config, "book").get("src", "src"))
        self._root = root
        self._style = Style(
            language=language_of(str(_table(config, "book").get("language") or "en")),
            has_columns=context.get("renderer") in ("html", "test"),
            is_mdbook=True,
        )
        self._shelf = open_shelf(
            root,
            table,
            f"book.toml: preprocessor.{TABLE}",
            repository=str(html.get("git-repository-url") or ""),
        )

    def fill(self, chapter: dict[str, Any]) -> Iterator[ChapterFault]:
        """Replace the directives of a chapter; gives what is wrong with them."""
        content, source = chapter.get("content"), chapter.get("source_path")
        if not isinstance(content, str):
            return
        found = expand(content, lambda directive: show_pair(self._shelf, directive, self._style))
        chapter["content"] = found.text
        path = self._sources / source if isinstance(source, str) else None
        name = self._as_known(path) if path else str(chapter.get("name"))
        for fault in _at_their_lines(found, content, path):
            yield ChapterFault(name, fault)

    def _as_known(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()


def _table(config: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """A table of the book's configuration; empty if it is not there, or no table."""
    found: Any = config
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _see_that_all_is_known(table: Mapping[str, Any]) -> None:
    """Raises UsageError for an option that nobody reads: it would be a typing error."""
    for key in table:
        if key not in _OF_MDBOOK and key not in KEYS:
            known = ", ".join(KEYS)
            raise UsageError(
                f"book.toml: preprocessor.{TABLE}.{key}: no such option; there are {known}"
            )


def _at_their_lines(found: Expanded, content: str, path: Path | None) -> Iterator[DirectiveFault]:
    """The faults at the lines of the author's file: what is included there shifts those here."""
    ours = content.split("\n")
    try:
        theirs = path.read_text(encoding="utf-8").split("\n") if path else ours
    except (OSError, UnicodeDecodeError):
        theirs = ours
    for fault in found.faults:
        line = ours[fault.line - 1]
        rank = ours[: fault.line].count(line)
        places = [number for number, other in enumerate(theirs, 1) if other == line]
        at = places[rank - 1] if rank <= len(places) else fault.line
        yield DirectiveFault(at, fault.message, fault.text)
