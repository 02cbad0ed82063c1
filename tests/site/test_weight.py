"""Pages stay light and short, with the runs that the corpus carries: on a screen and on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.language.discovery import find_examples, load_all, select
from harness.site.library import make_library
from harness.site.released import RECORD_FILE, gather_with_released
from harness.site.writing import write_site
from tests.site.browsing import launched, new_context
from tests.site.sample import CORPUS

HEAVIEST = (
    "lock-order",
    "dining-philosophers",
    "stolen-wake-up",
    "check-then-act",
    "panic-in-thread",
    "pipeline",
    "spawn",
)
MAX_PAGE_BYTES = 150_000
MAX_HEIGHT = 4000
SHEET_SIDES = 3


@pytest.fixture(scope="module")
def heaviest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of the heaviest pairs, with the runs that the corpus carries."""
    place = tmp_path_factory.mktemp("heaviest")
    specs = load_all(select(find_examples((CORPUS,)), HEAVIEST))
    pages = gather_with_released(specs, place / "state", CORPUS / RECORD_FILE)
    write_site(make_library(pages), place / "site")
    return place / "site"


@pytest.fixture(scope="module")
def page(heaviest: Path) -> Iterator[Any]:
    """Opens a page of it in a window of 1280 pixels."""
    with launched() as browser:
        opened = new_context(browser, viewport={"width": 1280, "height": 900}).new_page()
        opened.goto(f"file://{heaviest / 'pairs' / 'lock-order.html'}")
        yield opened


@pytest.mark.parametrize("code", ["en", "ko"])
def test_no_page_weighs_more_than_is_said(heaviest: Path, whole_site: Path, code: str) -> None:
    """With style, script and the search of the whole corpus, which is loaded on demand."""
    shared = sum((whole_site / "static" / n).stat().st_size for n in ("site.css", "site.js"))
    shared += (whole_site / "static" / f"search-{code}.js").stat().st_size
    place = heaviest if code == "en" else heaviest / code
    weights = {
        str(path.relative_to(place)): path.stat().st_size + shared
        for folder in ("pairs", "exercises", "topics")
        for path in (place / folder).glob("*.html")
    }
    assert len(weights) > len(HEAVIEST)
    assert {path: size for path, size in weights.items() if size > MAX_PAGE_BYTES} == {}


@pytest.mark.parametrize("place", ["", "ko"])
def test_a_long_pair_is_no_long_page(page: Any, heaviest: Path, place: str) -> None:
    """What a first reader passes over is folded."""
    heights = {}
    for name in ("lock-order", "check-then-act", "panic-in-thread"):
        page.goto(f"file://{heaviest / place / 'pairs' / name}.html")
        heights[name] = page.evaluate("document.documentElement.scrollHeight")
    assert {name: height for name, height in heights.items() if height >= MAX_HEIGHT} == {}


@pytest.mark.parametrize("place", ["", "ko"])
def test_a_pair_takes_three_sides_of_paper(page: Any, heaviest: Path, place: str) -> None:
    """With all folds open."""
    page.goto(f"file://{heaviest / place / 'pairs' / 'spawn'}.html")
    sheets = page.pdf(format="A4")
    assert 0 < len(re.findall(rb"/Type\s*/Page\b", sheets)) <= SHEET_SIDES


def test_exercises_that_have_no_room_have_a_page(heaviest: Path) -> None:
    """All of them are there, and what breaks leads back to the pair's sentences."""
    pair = (heaviest / "pairs" / "lock-order.html").read_text(encoding="utf-8")
    every = (heaviest / "exercises" / "lock-order.html").read_text(encoding="utf-8")
    assert pair.count('<details class="break"') == 2 * 3
    assert every.count('<details class="break"') > 2 * 3
    assert '<a href="../exercises/lock-order.html#python">' in pair
    assert re.search(r'href="\.\./pairs/lock-order\.html#property-[\w-]+"', every)
    assert 'href="#property' not in every
    assert "both go from lock 1 to lock 2</span>" in every  # its side stands above it
