"""The search finds what readers type, in both languages, and stays small."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.site.browsing import launched, new_context
from tests.site.queries import ENGLISH, KOREAN

FIRST = 3
MAX_INDEX_BYTES = 60_000


@pytest.fixture(scope="module")
def found(whole_site: Path) -> Iterator[dict[tuple[str, str], list[str]]]:
    """Where every query of the table leads, in each language: found in one browser, once."""
    with launched() as browser:
        yield {
            (code, query): hits
            for code, table in (("en", ENGLISH), ("ko", KOREAN))
            for query, hits in _ask(browser, whole_site, code, [query for query, _ in table])
        }


def _ask(
    browser: Any, site: Path, code: str, queries: list[str]
) -> Iterator[tuple[str, list[str]]]:
    page = new_context(browser).new_page()
    page.add_script_tag(path=str(site / "static" / f"search-{code}.js"))
    ask = "queries => { const find = window.pairsFinder(window.pairsIndex);"
    ask += " return queries.map((query) => find(query).map((entry) => entry.u)); }"
    yield from zip(queries, page.evaluate(ask, queries), strict=True)
    page.close()


@pytest.mark.parametrize(
    ("code", "query", "page"),
    [("en", *each) for each in ENGLISH] + [("ko", *each) for each in KOREAN],
)
def test_what_is_meant_is_among_the_first_three(
    found: dict[tuple[str, str], list[str]], code: str, query: str, page: str
) -> None:
    """Topics, names, errors and what they say, synonyms, questions, typing errors."""
    assert page in found[code, query][:FIRST]


def test_the_table_is_as_long_as_it_is_said_to_be() -> None:
    """Sixty queries at least, none twice."""
    assert len(ENGLISH) + len(KOREAN) >= 60
    assert len({*ENGLISH, *KOREAN}) == len(ENGLISH) + len(KOREAN) - len({*ENGLISH} & {*KOREAN})


@pytest.mark.parametrize("code", ["en", "ko"])
def test_the_search_has_room_for_a_hundred_pairs(whole_site: Path, code: str) -> None:
    """What grows with the pairs grows by what each has brought so far, and no more."""
    text = (whole_site / "static" / f"search-{code}.js").read_text(encoding="utf-8")
    index = json.loads(text.partition("window.pairsIndex=")[2].rstrip(";\n"))
    grows = {key: index[key] for key in ("pairs", "names", "told")}
    size = len(json.dumps(grows, ensure_ascii=False, separators=(",", ":")).encode())
    whole = len(text.encode()) + size * (100 - len(index["pairs"])) / len(index["pairs"])
    assert whole < MAX_INDEX_BYTES


@pytest.mark.parametrize("code", ["en", "ko"])
def test_the_search_is_small(whole_site: Path, code: str) -> None:
    """The index with what looks into it."""
    assert (whole_site / "static" / f"search-{code}.js").stat().st_size < MAX_INDEX_BYTES
