"""What a book's own settings say of the pairs in it: which corpus, what is kept of it, links."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from harness.books.shelf import Links, Shelf
from harness.language.corpus import is_corpus
from harness.language.home import STATE_DIRECTORY, Home, find_home
from harness.values.errors import UsageError

KEYS = ("corpus", "repository", "site", "state-dir")


def open_shelf(root: Path, table: Mapping[str, object], where: str, repository: str = "") -> Shelf:
    """The pairs for a book in ``root``, by a table of settings; ``where`` names that table.

    Raises UsageError for settings that cannot be meant, and where there is no corpus.
    """
    texts = {}
    for key in KEYS:
        value = table.get(key, "")
        if not isinstance(value, str):
            raise UsageError(f"{where}.{key}: expected a text, found {value!r}")
        texts[key] = value
    home = _home(root, texts["corpus"], where)
    state = texts["state-dir"]
    return Shelf(
        corpus=root / home.corpus,
        state=root / state if state else root / home.root / STATE_DIRECTORY,
        links=Links(site=texts["site"], repository=texts["repository"] or repository),
    )


def _home(root: Path, corpus: str, where: str) -> Home:
    """The corpus that is named, as seen from the book, or the one that lies around it."""
    if not corpus:
        found = find_home(root)
        if found is None:
            raise UsageError(
                f'{root}: no corpus of pairs here or around here: name it by "{where}.corpus", '
                'or make one with "harness init"'
            )
        return found
    place = root / corpus
    if not place.is_dir():
        raise UsageError(f"{where}.corpus: there is no directory {place}")
    around = find_home(place) if is_corpus(place) else None
    return Home(place, place / around.root if around else place.parent)
