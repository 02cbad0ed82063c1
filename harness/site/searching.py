"""The index that the search in the page looks into: a script that sets one value."""

from __future__ import annotations

import json

from harness.site.data import PageData
from harness.site.pages import Edition
from harness.values.program import Side


def search_script(edition: Edition) -> str:
    """The script of one language; it works from ``file://``, where nothing can be fetched.

    Everything is there once: ``kinds`` are the topics' titles, ``names`` those
    of each side's look-up table, and a pair is its name, its title, the
    numbers of its topic and of its names, and what else is searched.
    """
    pages = edition.library.pages
    topics = list(dict.fromkeys(page.spec.topic for page in pages))
    names = {side: _names(edition, side) for side in Side}
    numbers = {name: i for i, name in enumerate(n for side in Side for n in names[side])}
    index = {
        "kinds": [edition.topic(topic) for topic in topics],
        "names": {side.value: names[side] for side in Side},
        "pairs": [
            [
                page.spec.name,
                edition.title(page),
                topics.index(page.spec.topic),
                sorted(numbers[name] for name in _names_of(edition, page)),
                _words(edition, page),
            ]
            for page in pages
        ],
    }
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    return f"window.pairsIndex={text};\n"


def _words(edition: Edition, page: PageData) -> str:
    """What is searched beside title and names: the English title, the summary, the properties."""
    title = page.spec.title if edition.title(page) != page.spec.title else ""
    properties = " ".join(prop.name for prop in page.spec.properties)
    return " ".join(filter(None, (title, edition.summary(page), properties)))


def _names_of(edition: Edition, page: PageData) -> frozenset[str]:
    return frozenset().union(*(edition.library.names[page.spec.id, side] for side in Side))


def _names(edition: Edition, side: Side) -> list[str]:
    found = (edition.library.names[page.spec.id, side] for page in edition.library.pages)
    return sorted(frozenset().union(*found))
