"""Apply a unified diff to a text. Strict: what does not fit is refused, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_HUNK = re.compile(r"@@ -(?P<start>\d+)(?:,\d+)? \+\d+(?:,\d+)? @@")


class PatchError(ValueError):
    """A patch that does not fit its text; the message says where."""


def apply_patch(text: str, patch: str) -> str:
    """The text after the hunks of ``patch``; the headers before the first hunk are skipped.

    Raises PatchError where a hunk's lines are not those of the text, or if
    there is no hunk at all.
    """
    before = text.split("\n")
    after: list[str] = []
    done = 0
    for start, lines in _hunks(patch.split("\n")):
        after += before[done:start]
        done = start
        for sign, content in lines:
            if sign in " -":
                _expect(before, done, content)
                done += 1
            if sign in " +":
                after.append(content)
    return "\n".join(after + before[done:])


def _hunks(lines: Sequence[str]) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Each hunk: the index of its first line in the old text, and its lines with their signs."""
    starts = [(index, found) for index, line in enumerate(lines) if (found := _HUNK.match(line))]
    if not starts:
        raise PatchError('expected a unified diff, with lines such as "@@ -3,7 +3,6 @@"')
    ends = [index for index, _ in starts[1:]] + [len(lines)]
    for (index, found), end in zip(starts, ends, strict=True):
        inside = lines[index + 1 : end]
        body = [(line[0], line[1:]) for line in inside if line[:1] in (" ", "-", "+")]
        # A hunk that only adds counts the line after which it does, not the one before.
        removes = any(sign in " -" for sign, _ in body)
        yield int(found["start"]) - int(removes), body


def _expect(lines: Sequence[str], index: int, content: str) -> None:
    found = lines[index] if index < len(lines) else "the end of the text"
    if found != content:
        raise PatchError(f"line {index + 1}: the patch expects {content!r}, found {found!r}")
