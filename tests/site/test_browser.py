"""The site in a real browser: from ``file://``, with and without JavaScript, at any width."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
axe_package = pytest.importorskip("axe_playwright_python")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")

NARROW = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 900}
PATHS = (
    "index.html",
    "from-python.html",
    "from-rust.html",
    "pairs/spawn.html",
    "pairs/join.html",
    "pairs/borrow-without-move.html",
    "pairs/hostile.html",
)
ALL_PATHS = [*PATHS, *(f"ko/{path}" for path in PATHS)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for all tests of this module."""
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Any, site: Path) -> Iterator[Any]:
    """Opens a page of the site in a context of its own."""
    contexts = []

    def opened(path: str, **options: Any) -> Any:
        context = browser.new_context(viewport=options.pop("viewport", WIDE), **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"file://{site / path}")
        return page

    yield opened
    for context in contexts:
        context.close()


@cache
def axe_script() -> str:
    """The text of axe-core, which the package carries."""
    path = next(Path(axe_package.__file__).parent.rglob("axe.min.js"))
    return path.read_text(encoding="utf-8")


def elsewhere(address: str) -> list[str]:
    """The address, if it is not one of the site's files."""
    return [] if address.startswith("file://") else [address]


@pytest.mark.parametrize("path", ALL_PATHS)
def test_a_page_loads_without_a_word_in_the_console(browser: Any, site: Path, path: str) -> None:
    """No error, no warning, no failed request, nothing from elsewhere, and no sideways scroll."""
    context = browser.new_context(viewport=NARROW)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: said.append(request.url))
    page.on("request", lambda request: said.extend(elsewhere(request.url)))
    page.goto(f"file://{site / path}")
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    context.close()
    assert said == []
    assert widths[0] <= widths[1]


@pytest.mark.parametrize("path", ALL_PATHS)
def test_a_page_is_accessible(open_page: Any, path: str) -> None:
    """Axe finds no violation, light and dark, with every fold open."""
    page = open_page(path, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    page.evaluate(axe_script())
    found = []
    for theme, rules in (("light", None), ("dark", ["color-contrast"])):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        only = {"preload": False, **({"runOnly": rules} if rules else {})}
        result = page.evaluate("options => axe.run(document, options)", only)
        found += [(theme, v["id"], v["nodes"][0]["html"]) for v in result["violations"]]
    assert found == []


def test_everything_is_there_without_javascript(open_page: Any) -> None:
    """Programs, properties, runs to step through and controls; buttons that need it are hidden."""
    page = open_page("pairs/spawn.html", java_script_enabled=False)
    assert page.locator("#programs pre").first.is_visible()
    assert page.locator("#true .property").count() == 3
    assert page.locator(".printed.python .run:visible").count() == 1
    page.locator(".printed.python label").nth(1).click()
    assert page.locator(".printed.python .shown-2").is_visible()
    assert not page.locator(".printed.python .shown-1").is_visible()
    page.locator("#breaks summary").first.click()
    assert page.locator("#breaks .diff").first.is_visible()
    assert page.locator("button:visible").count() == 0


def test_the_runs_can_be_stepped_through_by_key(open_page: Any) -> None:
    """The arrow keys choose among the runs of one side, and do not turn the page there."""
    page = open_page("pairs/spawn.html")
    page.locator(".printed.rust input").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".printed.rust .shown-2").is_visible()
    assert page.url.endswith("spawn.html")


def test_arrows_turn_the_page(open_page: Any) -> None:
    """To the next pair and back; at the first one, nowhere."""
    page = open_page("pairs/spawn.html")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/join.html")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/spawn.html")
    page.keyboard.press("ArrowLeft")
    assert page.url.endswith("spawn.html")


def test_search_finds_pairs_and_names(open_page: Any) -> None:
    """Slash opens it; a title, a name of a library and a property lead to their pages."""
    page = open_page("ko/index.html")
    page.keyboard.press("/")
    page.keyboard.type("join-comes")
    page.locator("#found li").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/ko/pairs/join.html")
    page.keyboard.press("/")
    page.keyboard.type("threading.Thread.start")
    page.locator("#found li").first.wait_for()
    page.locator("#found li", has_text="Python").first.click()
    page.wait_for_url("**/ko/from-python.html#threading-Thread-start")


def test_search_says_when_it_finds_nothing(open_page: Any) -> None:
    """And Escape closes it."""
    page = open_page("index.html")
    page.locator("[data-open=search]").click()
    page.keyboard.type("no such thing")
    page.get_by_text("Nothing found.").wait_for()
    page.keyboard.press("Escape")
    assert not page.locator("#search").is_visible()


def test_a_question_mark_lists_the_keys(open_page: Any) -> None:
    """In a dialog that a button closes."""
    page = open_page("index.html")
    page.keyboard.press("?")
    assert page.get_by_text("the next pair").is_visible()
    page.locator("#keys [data-close]").click()
    assert not page.locator("#keys").is_visible()


@pytest.mark.parametrize(("scheme", "other"), [("light", "dark"), ("dark", "light")])
def test_the_theme_follows_the_system_until_it_is_chosen(
    open_page: Any, scheme: str, other: str
) -> None:
    """A choice is kept for the next page."""
    page = open_page("index.html", color_scheme=scheme)
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("[data-theme-toggle]").click()
    assert page.evaluate("document.documentElement.dataset.theme") == other
    chosen = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert chosen != before
    page.locator(".card a").first.click()
    page.wait_for_url("**/pairs/*")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == chosen


def test_a_page_leads_to_itself_in_the_other_language(open_page: Any) -> None:
    """And back."""
    page = open_page("pairs/join.html")
    page.locator("a.language").click()
    page.wait_for_url("**/ko/pairs/join.html")
    assert page.locator("h1").inner_text() == "join으로 스레드 기다리기"
    page.locator("a.language").click()
    page.wait_for_url("**/pairs/join.html")
    assert page.locator("h1").inner_text() == "Wait for a thread with join"


def test_the_copy_button_gives_the_whole_file(open_page: Any, specs: Any) -> None:
    """With the comments that are shown as headings."""
    page = open_page("pairs/spawn.html", permissions=["clipboard-read", "clipboard-write"])
    page.locator(".head.rust .copy").click()
    page.get_by_text("Copied").wait_for()
    copied = page.locator(".head.rust .copy").get_attribute("data-copy")
    spec = next(spec for spec in specs if spec.name == "spawn")
    assert copied == (spec.directory / "src" / "main.rs").read_text(encoding="utf-8")


def test_the_sides_stand_below_each_other_where_it_is_narrow(open_page: Any) -> None:
    """Step by step: Python's, then Rust's; beside each other where there is room."""

    def corners(viewport: dict[str, int]) -> list[tuple[float, float]]:
        page = open_page("pairs/join.html", viewport=viewport)
        boxes = [
            page.locator(f".row.step .cell.{side}").first.bounding_box()
            for side in ("python", "rust")
        ]
        return [(box["x"], box["y"]) for box in boxes]

    (left, top), (right, same) = corners(WIDE)
    assert left < right
    assert top == same
    (x, above), (same_x, below) = corners(NARROW)
    assert x == same_x
    assert above < below


def test_a_link_opens_the_fold_that_it_leads_into(open_page: Any) -> None:
    """The address of a control shows the control."""
    page = open_page("pairs/join.html#break-3")
    assert page.locator("#break-3 .diff").is_visible()


def test_a_hostile_output_is_only_text(open_page: Any) -> None:
    """No dialog opens, and what was printed is there to read."""
    page = open_page("pairs/hostile.html")
    assert "</script><script>alert('x')</script>" in page.locator(".trace li").first.inner_text()


@pytest.mark.parametrize("block", [".diff", ".lines"])
def test_diffs_and_traces_stand_line_below_line(open_page: Any, block: str) -> None:
    """Each line has a row of its own, as high as the others."""
    page = open_page("pairs/join.html#break-3")
    boxes = [line.bounding_box() for line in page.locator(f"#break-3 {block} > span").all()]
    assert len(boxes) >= 2
    tops = [round(box["y"]) for box in boxes]
    assert tops == sorted(set(tops))
    assert len({round(box["height"]) for box in boxes}) == 1
