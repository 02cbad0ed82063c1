"""The site in a real browser: from ``file://``, with and without JavaScript, at any width."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from tests.site.browsing import CHROMIUM, launched, new_context
from tests.site.sample import CORPUS

axe_package = pytest.importorskip("axe_playwright_python")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")

NARROW = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 900}
NEW_KINDS = """seen => {
    const chain = (e) => e === null ? "" : [
        e.localName, e.className.baseVal ?? e.className, e.previousElementSibling?.checked ?? "",
        chain(e.parentElement),
    ].join(" ");
    const isText = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "";
    const found = new Map(seen.map((kind) => [kind, null]));
    for (const e of document.querySelectorAll("body *")) {
        if ([...e.childNodes].some(isText) && !found.has(chain(e))) found.set(chain(e), e);
    }
    window.news = [...found.values()].filter(Boolean);
    return [...found.keys()];
}"""
"""Keeps an element of each kind that holds text and was on no page before. What colours it has
follows from its classes and from what it stands in: to ask axe of every word would take minutes."""


EVERY_NTH = 8
"""Of the pages with exercises as many are looked at."""

VIOLATIONS = "result => result.violations.map((found) => [found.id, found.nodes[0].html])"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for all tests of this module."""
    with launched() as browser:
        yield browser


@pytest.fixture
def open_page(browser: Any, site: Path) -> Iterator[Any]:
    """Opens a page of the site in a context of its own."""
    contexts = []

    def opened(path: str, **options: Any) -> Any:
        context = new_context(browser, viewport=options.pop("viewport", WIDE), **options)
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


# --- every page -------------------------------------------------------------------


class Look:
    """Looks at one page after the other: what it says, how wide it is, what axe finds."""

    def __init__(self, browser: Any, site: Path) -> None:
        self._site = site
        self._path = ""
        self._kinds: list[str] = []
        self.said: list[str] = []
        self.page = new_context(browser, viewport=NARROW, bypass_csp=True).new_page()
        self.page.add_init_script(axe_script())
        self.page.on("console", lambda message: self._note(message.text))
        self.page.on("pageerror", lambda error: self._note(str(error)))
        self.page.on("requestfailed", lambda request: self._note(request.url))
        self.page.on("request", lambda request: [*map(self._note, elsewhere(request.url))])

    def _note(self, word: str) -> None:
        self.said.append(f"{self._path}: {word}")

    def open(self, path: str) -> None:
        """Go to a page, on a phone, and open every fold."""
        self._path = path
        self.page.set_viewport_size(NARROW)
        self.page.goto(f"file://{self._site / path}")
        self.page.evaluate(
            "document.querySelectorAll('details').forEach(fold => { fold.open = true })"
        )

    def is_too_wide(self) -> bool:
        """Whether the page scrolls sideways."""
        inner, outer = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        return bool(inner > outer)

    def violations(self) -> list[str]:
        """What axe finds: by all of its rules, and of contrasts in the light and in the dark."""
        self.page.set_viewport_size(WIDE)
        found = self._axe("document", {"rules": {"color-contrast": {"enabled": False}}})
        known = len(self._kinds)
        self._kinds = self.page.evaluate(NEW_KINDS, self._kinds)
        for theme in ("light", "dark") if len(self._kinds) > known else ():
            self.page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
            found += self._axe("{include: news}", {"runOnly": ["color-contrast"]})
        return found

    def _axe(self, context: str, options: dict[str, object]) -> list[str]:
        brief = {"preload": False, "resultTypes": ["violations"], **options}
        run = f"options => axe.run({context}, options).then({VIOLATIONS})"
        return [f"{self._path}: {rule}: {html}" for rule, html in self.page.evaluate(run, brief)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What is wrong with the pages that were looked at, each with the page's path."""

    pages: int
    said: list[str]
    too_wide: list[str]
    violations: list[str]


def _looked_at(site: Path) -> Iterator[Path]:
    """Every page; of those that hold nothing but exercises, which pairs' pages have, some."""
    pages = [path.relative_to(site) for path in site.rglob("*.html")]
    exercises = sorted(path for path in pages if path.parent.name == "exercises")
    yield from (path for path in pages if path.parent.name != "exercises")
    yield from exercises[::EVERY_NTH]


@pytest.fixture(scope="module")
def findings(browser: Any, whole_site: Path) -> Findings:
    """Every page of the corpus in both languages, with every fold open, looked at once."""
    paths = sorted(map(str, _looked_at(whole_site)))
    look = Look(browser, whole_site)
    found = Findings(pages=len(paths), said=look.said, too_wide=[], violations=[])
    for path in paths:
        look.open(path)
        found.too_wide.extend([path] if look.is_too_wide() else [])
        found.violations.extend(look.violations())
    look.page.context.close()
    return found


def test_every_page_is_looked_at(findings: Findings, whole_site: Path) -> None:
    """Every pair of the corpus and a hostile one, every topic, and the seven others; twice.

    Many pairs have a page for all their exercises, too, of which some are looked at.
    """
    pairs, topics = (len(list(CORPUS.glob(g))) for g in ("*/*/example.toml", "*/topic.toml"))
    exercises = 2 * len(list((whole_site / "exercises").iterdir()))
    assert pairs < exercises <= 2 * pairs
    assert findings.pages == 2 * (pairs + 1 + topics + 7) + ceil(exercises / EVERY_NTH)


def test_no_page_has_a_word_for_the_console(findings: Findings) -> None:
    """No error, no warning, no failed request, nothing from elsewhere."""
    assert findings.said == []


def test_no_page_scrolls_sideways_on_a_phone(findings: Findings) -> None:
    """At 360 pixels: what is wider scrolls in a box of its own."""
    assert findings.too_wide == []


def test_every_page_is_accessible(findings: Findings) -> None:
    """Axe finds no violation of any of its rules, and no low contrast in either theme."""
    assert findings.violations == []


def test_a_low_contrast_is_found(browser: Any, site: Path) -> None:
    """One kind of word in a colour like its ground does not escape the sample."""
    look = Look(browser, site)
    look.open("pairs/spawn.html")
    look.page.add_style_tag(content="pre .k { color: var(--panel) }")
    found = look.violations()
    look.page.context.close()
    assert [v for v in found if "color-contrast" in v and 'class="k"' in v] != []


def test_every_page_works_without_javascript(browser: Any, whole_site: Path) -> None:
    """Its content is there, no button is that would do nothing, and it fits a phone."""
    context = new_context(browser, viewport=NARROW, java_script_enabled=False)
    page = context.new_page()
    wrong = []
    for path in (whole_site / each for each in _looked_at(whole_site)):
        page.goto(f"file://{path}")
        is_there = page.locator("main h1").is_visible() and page.locator("main section").count()
        widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        if not is_there or page.locator("button:visible").count() or widths[0] > widths[1]:
            wrong.append(str(path.relative_to(whole_site)))
    context.close()
    assert wrong == []


# --- what pages do ------------------------------------------------------------------


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


@pytest.mark.parametrize("width", [1265, 1340, 1409, 1920])
def test_code_of_78_columns_fits_beside_the_other_side(
    browser: Any, whole_site: Path, width: int
) -> None:
    """At 1280 pixels too, of which a scroll bar may take 15: no code has to be scrolled to."""
    context = new_context(browser, viewport={"width": width, "height": 900})
    page = context.new_page()
    cut = []
    for pair in ("lost-update", "lock-order", "panic-in-thread"):
        page.goto(f"file://{whole_site / 'pairs' / pair}.html")
        page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
        too_long = "all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.innerText)"
        cut += page.locator("#programs .cell pre").evaluate_all(too_long)
    context.close()
    assert cut == []


def test_a_link_opens_the_fold_that_it_leads_into(open_page: Any) -> None:
    """The address of a control shows the control."""
    page = open_page("pairs/join.html#break-3")
    assert page.locator("#break-3 .diff").is_visible()


def test_paper_shows_what_folds_hide(open_page: Any) -> None:
    """Every fold is open while the page is printed, and closed again as it was."""
    page = open_page("pairs/join.html")
    closed = "document.querySelectorAll('details:not([open])').length"
    before = page.evaluate(closed)
    assert before > 0
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(closed) == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(closed) == before


def test_a_hostile_output_is_only_text(open_page: Any) -> None:
    """No dialog opens, and what was printed is there to read."""
    page = open_page("pairs/hostile.html")
    assert "</script><script>alert('x')</script>" in page.locator(".trace li").first.inner_text()


@pytest.mark.parametrize("block", [".diff", ".lines"])
def test_diffs_and_traces_stand_line_below_line(open_page: Any, block: str) -> None:
    """Each line has a row of its own, as high as the others."""
    page = open_page("pairs/join.html#break-3")
    page.locator("#break-3 .answer summary").click()
    boxes = [line.bounding_box() for line in page.locator(f"#break-3 {block} > *").all()]
    assert len(boxes) >= 2
    tops = [round(box["y"]) for box in boxes]
    assert tops == sorted(set(tops))
    assert len({round(box["height"]) for box in boxes}) == 1
