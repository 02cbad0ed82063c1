"""The index that the search in the page looks into: a script that sets one value."""

from __future__ import annotations

import json

from harness.model import Side
from harness.site.data import PageData
from harness.site.pages import Edition, path_of
from harness.site.views.lookup import slug


def search_script(edition: Edition) -> str:
    """The script of one language; it works from ``file://``, where nothing can be fetched."""
    entries = [_pair(edition, page) for page in edition.library.pages]
    entries += [_name(side, name) for side in Side for name in _names(edition, side)]
    text = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
    return f"window.pairsIndex={text};\n"


def _pair(edition: Edition, page: PageData) -> dict[str, str]:
    """``t`` is shown, ``u`` is where it leads, ``k`` its kind, ``w`` what is searched."""
    spec = page.spec
    names = [name for side in Side for name in sorted(edition.library.names[spec.id, side])]
    properties = [prop.name for prop in spec.properties]
    words = [spec.name, spec.title, edition.summary(page), *names, *properties]
    return {
        "t": edition.title(page),
        "u": path_of(page),
        "k": edition.topic(spec.topic),
        "w": " ".join(words).lower(),
    }


def _name(side: Side, name: str) -> dict[str, str]:
    page = f"from-{side.value}.html"
    return {"t": name, "u": f"{page}#{slug(name)}", "k": side.value.capitalize(), "w": name.lower()}


def _names(edition: Edition, side: Side) -> list[str]:
    found = (edition.library.names[page.spec.id, side] for page in edition.library.pages)
    return sorted(frozenset().union(*found))
