"""Adding a crate to the workspace's manifest as a person would: one line, in its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from harness.values.errors import UsageError

_ITEM = re.compile(r'"([^"]*)"')
_LAST = re.compile(r'^(\s*"[^"]*")(?!\s*,)')


def with_member(text: str, path: Path, topic: str, name: str) -> str:
    """The manifest ``text`` of the workspace at ``path`` with the crate ``topic/name`` in it.

    The crate becomes a default member, where default members are listed, and
    its topic a member, if no member covers it yet. Comments and layout stay.
    What has no crate in that topic is left out by name. Raises UsageError
    where the manifest cannot be changed by adding lines.
    """
    crate = f"{topic}/{name}"
    workspace = _workspace(text, path)
    members = workspace.get("members", [])
    if not any(fnmatchcase(crate, member) for member in members):
        text = _with_item(text, path, "members", f"{topic}/*")
    if "default-members" in workspace and crate not in workspace["default-members"]:
        text = _with_item(text, path, "default-members", crate)
    for other in sorted((path.parent / topic).glob("*/example.toml")):
        if not (other.parent / "Cargo.toml").exists() and other.parent.name != name:
            text = without_member(text, path, topic, other.parent.name)
    return text


def without_member(text: str, path: Path, topic: str, name: str) -> str:
    """The manifest ``text`` for a corpus in which ``topic/name`` has no crate.

    Cargo takes every directory that a member's pattern covers for a crate,
    and builds nothing if one has no manifest.
    """
    directory = f"{topic}/{name}"
    workspace = _workspace(text, path)
    covers = any(fnmatchcase(directory, member) for member in workspace.get("members", []))
    if not covers or directory in workspace.get("exclude", []):
        return text
    if "exclude" not in workspace:
        text = re.sub(r"^members\b", "exclude = []\nmembers", text, count=1, flags=re.MULTILINE)
    return _with_item(text, path, "exclude", directory)


def _workspace(text: str, path: Path) -> dict[str, list[str]]:
    """The ``[workspace]`` of a manifest; raises UsageError if it has none."""
    try:
        workspace: dict[str, list[str]] = tomllib.loads(text).get("workspace", {})
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: no valid TOML: {error}") from None
    if not workspace:
        raise UsageError(
            f"{path}: expected a [workspace], found none; a corpus has a directory of its own"
        )
    return workspace


def _with_item(text: str, path: Path, key: str, item: str) -> str:
    """The manifest with one item more in a list, all else as it was written.

    Edited as text, as comments and layout are a person's; and read again, to see that it did what
    it should. Raises UsageError where it did not.
    """
    found = re.search(rf"^{key}[ \t]*=[ \t]*\[([^\]]*)\]", text, re.MULTILINE)
    if found:
        start, end = found.span(1)
        changed = text[:start] + _array(found[1], item) + text[end:]
        if item in _workspace(changed, path).get(key, []):
            return changed
    raise UsageError(f'{path}: cannot add to {key}; add "{item}" there by hand')


def _array(inside: str, item: str) -> str:
    """What is between the brackets, with ``item`` before the first that sorts after it."""
    lines = inside.split("\n")
    items = _ITEM.findall(inside)
    if not items:
        return f'\n    "{item}",\n'
    if len(lines) == 1:
        return ", ".join(f'"{each}"' for each in sorted([*items, item]))
    return "\n".join(_with_line(lines, item))


def _with_line(lines: Sequence[str], item: str) -> list[str]:
    """The lines of an array with one more; a last item without a comma gets one."""
    places = [n for n, line in enumerate(lines) if _ITEM.match(line.strip())]
    after = [n for n in places if _ITEM.findall(lines[n])[0] > item]
    place = after[0] if after else places[-1] + 1
    indent = re.match(r"\s*", lines[places[0]])
    new = f'{indent[0] if indent else ""}"{item}",'
    before = list(lines[:place])
    if not after:
        before[-1] = _LAST.sub(r"\1,", before[-1])
    return [*before, new, *lines[place:]]
