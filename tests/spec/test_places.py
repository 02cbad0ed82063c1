"""Where keys stand: the lines that complaints name."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.language.places import lines_of_keys, written_key

if TYPE_CHECKING:
    from collections.abc import Iterator

SPECS = [*sorted(Path("examples").glob("*/*/*.toml")), Path("examples/corpus.toml")]

TEXT = '''\
title = "a [b] = c" # [comment]
summary = """
[events]
order = 7
"""
[events] # a header
worker = "x" # a = b
'quoted' = 'y'
[[property]]
chain = [
    ["a"],
    [ "b", "c" ],
    ["d"]
]
after = { inner = { deep = 1 }, list = [1, 2] }
order.chain = ["a"]

[property.outcomes]
of = "x"
[[property.outcomes.are]]
is = 1
[[property.outcomes.are]]
is = 2
[[property]]
edits = [
    { replace = "[", with = "}" },
    { replace = 'it''s' },
]
[[property.outcomes.are]]
is = 3

["a round, skipped. twice"]
breaks = []
"python:main" = { replace = "a.b" }
["plain"."it's"]
why = "\\""
[ 'said "so"' . x ]
y = 1
'''.replace("'it''s'", "'its'")

LINES = {
    "title": 1,
    "summary": 2,
    "events": 6,
    "events.worker": 7,
    "events.quoted": 8,
    "property[0]": 9,
    "property[0].chain": 10,
    "property[0].chain[0]": 11,
    "property[0].chain[1]": 12,
    "property[0].chain[2]": 13,
    "property[0].after": 15,
    "property[0].after.inner.deep": 15,
    "property[0].order": 16,
    "property[0].order.chain": 16,
    "property[0].outcomes": 18,
    "property[0].outcomes.of": 19,
    "property[0].outcomes.are[0]": 20,
    "property[0].outcomes.are[1].is": 23,
    "property[1]": 24,
    "property[1].edits": 25,
    "property[1].edits[0].with": 26,
    "property[1].edits[1].replace": 27,
    "property[1].outcomes.are[0].is": 30,
    '"a round, skipped. twice"': 32,
    '"a round, skipped. twice".breaks': 33,
    '"a round, skipped. twice"."python:main".replace': 34,
    'plain."it\'s".why': 36,
    '"said \\"so\\"".x.y': 38,
}


def test_keys_are_found_on_their_lines() -> None:
    """Neither texts nor comments nor lists pass for keys or headers."""
    found = lines_of_keys(TEXT)
    assert LINES == {path: found.get(path) for path in LINES}
    assert "order" not in found


@pytest.mark.parametrize("path", SPECS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_key_of_the_corpus_is_found(path: Path) -> None:
    """Each key that the standard library's reader finds has a line, on which its name stands."""
    text = path.read_text(encoding="utf-8")
    found = lines_of_keys(text)
    lines = text.split("\n")
    for key in keys_of("", tomllib.loads(text)):
        name = re.split(r"[.:]", key)[-1].partition("[")[0].strip('"')
        assert name in lines[found[key] - 1] or "[" in key


def keys_of(path: str, value: object) -> Iterator[str]:
    """The paths of all keys in a value, those of implied tables left out."""
    match value:
        case dict():
            for key, inner in value.items():
                here = f"{path}.{written_key(key)}" if path else written_key(key)
                if not isinstance(inner, dict | list):
                    yield here
                yield from keys_of(here, inner)
        case list():
            for index, inner in enumerate(value):
                yield from keys_of(f"{path}[{index}]", inner)
