"""Write the site: pages, style sheet, script, search indexes and the programs' files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from harness.site.library import Library
from harness.site.pages import Edition
from harness.site.searching import search_script
from harness.site.slimming import slim_page, slim_script, slim_style
from harness.site.words import words_of
from harness.values.errors import UsageError

_STATIC = Path(__file__).parent / "static"
_MARK = ".site"
"""Lies in a directory that was written here: only such a one is replaced."""


def write_site(library: Library, target: Path) -> int:
    """Write the whole site into ``target``, in place of what was there; gives the number of pages.

    Raises UsageError if ``target`` holds something else.
    """
    if target.exists() and any(target.iterdir()) and not (target / _MARK).exists():
        raise UsageError(
            f"{target}: expected an earlier site or nothing, found other files; not touched"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".site-", dir=target.parent) as scratch:
        new = Path(scratch, "new")
        pages = _write_all(library, new)
        if target.exists():
            target.rename(Path(scratch, "old"))
        new.rename(target)
    return pages


def _write_all(library: Library, target: Path) -> int:
    """Write the whole site into an empty directory; gives the number of pages."""
    (target / "static").mkdir(parents=True)
    (target / _MARK).touch()
    pages = 0
    for path, text in _texts(library):
        is_page = path.endswith(".html")
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(slim_page(text) if is_page else text, encoding="utf-8")
        pages += is_page
    os.chmod(target, 0o755)  # noqa: PTH101, S103 - a web server has to read it
    return pages


def _texts(library: Library) -> Iterator[tuple[str, str]]:
    """The path and the text of each file."""
    yield from _static_texts()
    for code in library.corpus.languages:
        words = words_of(code).titled(library.corpus.title, library.corpus.lead)
        edition = Edition(library=library, words=words)
        yield from edition.pages()
        yield f"static/search-{code}.js", search_script(edition)
    for page in library.pages:
        place = f"files/{page.spec.topic}/{page.spec.name}"
        for path, text in page.sources.items():
            yield f"{place}/{path}.txt", text
        yield f"{place}/example.toml.txt", page.spec.path.read_text(encoding="utf-8")


def _static_texts() -> Iterator[tuple[str, str]]:
    """Styles and scripts, without what only their authors read."""
    slim = {".css": slim_style, ".js": slim_script}
    for path in sorted(_STATIC.iterdir()):
        text = path.read_text(encoding="utf-8")
        yield f"static/{path.name}", slim[path.suffix](text) if path.suffix in slim else text
