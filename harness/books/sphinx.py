"""An extension for Sphinx: ``extensions = ["myst_parser", "harness.books.sphinx"]``.

Its settings in ``conf.py`` are one dictionary, ``pairs``.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from harness.books.directives import expand
from harness.books.markup import Style, language_of, show_pair
from harness.books.settings import open_shelf
from harness.values.errors import HarnessError

WHERE = "conf.py: pairs"


def setup(app: Any) -> Mapping[str, object]:
    """Have Sphinx put pairs into the Markdown that it reads."""
    app.add_config_value("pairs", {}, "env")
    app.connect("source-read", put_pairs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def put_pairs(app: Any, document: str, source: list[str]) -> None:
    """Put its pairs into a document; raises SphinxError for one that is refused."""
    path = str(app.env.doc2path(document, base=False))
    if "#pair" not in source[0] or not path.endswith(".md"):
        return
    refuse = import_module("sphinx.errors").SphinxError
    style = Style(language_of(str(app.config.language or "en")))
    try:
        shelf = open_shelf(Path(app.confdir), app.config.pairs, WHERE)
    except HarnessError as error:
        raise refuse(str(error)) from None
    found = expand(source[0], lambda directive: show_pair(shelf, directive, style))
    if found.faults:
        raise refuse("\n".join(each.told(path) for each in found.faults))
    source[0] = found.text
