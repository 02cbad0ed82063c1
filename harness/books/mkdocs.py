"""A hook for MkDocs: a file of the book's, named below ``hooks:``, imports ``on_page_markdown``.

Its settings are in ``mkdocs.yml``, below ``extra: {pairs: …}``.
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

WHERE = "mkdocs.yml: extra.pairs"


def on_page_markdown(markdown: str, *, page: Any, config: Any, **_: Any) -> str:
    """The page's Markdown with its pairs; raises MkDocs' PluginError for one that is refused."""
    if "#pair" not in markdown:
        return markdown
    table: Mapping[str, Any] = (config.get("extra") or {}).get("pairs") or {}
    style = Style(language_of(str(table.get("language", "en"))), asks_for_markdown=True)
    refuse = import_module("mkdocs.exceptions").PluginError
    try:
        root = Path(config["config_file_path"] or "mkdocs.yml").absolute().parent
        shelf = open_shelf(root, table, WHERE)
    except HarnessError as error:
        raise refuse(str(error)) from None
    found = expand(markdown, lambda directive: show_pair(shelf, directive, style))
    if found.faults:
        raise refuse("\n".join(each.told(page.file.src_uri) for each in found.faults))
    return found.text
