"""Pages, style sheet and script as they are sent: without what only their authors read. Pure."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_AROUND_SIGNS = re.compile(r"\s*([{};,])\s*")

_BLOCKS = (
    "article|body|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|g|h[1-6]|head|header|li"
    "|link|main|meta|nav|ol|p|path|pre|script|section|summary|table|tbody|td|th|thead|title|tr|ul"
)
_BEFORE_BLOCK = re.compile(rf">\s+(?=</?(?:{_BLOCKS})[\s>/])")
_ENDED_ANYWAY = re.compile(
    r"</li>(?=<li[\s>]|</[uo]l>)|</t[dh]>(?=<t[dh][\s>]|</tr>)|</tr>(?=<tr[\s>]|</t(?:head|body)>)"
)


def slim_page(text: str) -> str:
    """Without blanks and end tags that mean nothing beside a tag that begins or ends a block.

    For pages in whose ``pre`` elements and attributes no block begins.
    """
    return _ENDED_ANYWAY.sub("", _BEFORE_BLOCK.sub(">", text))


def slim_style(text: str) -> str:
    """Without comments and blanks around signs; for sheets whose strings hold neither."""
    lines = (line.strip() for line in _COMMENT.sub("", text).split("\n"))
    dense = _AROUND_SIGNS.sub(r"\1", "".join(filter(None, lines)))
    return dense.replace(": ", ":").replace(";}", "}") + "\n"


def slim_script(text: str) -> str:
    """Without comment lines and indentation; for scripts whose strings end on their line."""
    lines = (line.strip() for line in text.split("\n"))
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))
