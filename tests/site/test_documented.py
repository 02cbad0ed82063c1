"""No page leads to documentation that is not there, as a table says: without a network."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.site.documentation import address_of, documented
from harness.values.program import Side
from tests.site.documented import is_documented, looked_up, numbers, split, wanted

_LINK = re.compile(r'href="(https://(?:doc|docs)\.[^"]+)"')

VERSIONS = {
    side: sorted({v for found in looked_up()[side.value].values() for v in found}, key=numbers)
    for side in Side
}


def test_every_address_that_a_page_can_hold_was_looked_up() -> None:
    """In some version at least: where one is new, its module says how to look it up."""
    kept = {(site, path) for site, paths in looked_up().items() for path in paths}
    assert not set(wanted()) - kept


@pytest.mark.parametrize("side", list(Side))
def test_a_name_is_led_to_what_its_version_documents(side: Side) -> None:
    """To the newest documentation where its own has nothing of it, and where none is known."""
    for version in ("", *VERSIONS[side]):
        dead = {
            address
            for name in documented(side)
            if not is_documented(address := address_of(name, side, version))
        }
        assert not dead, version


def test_the_pages_of_the_whole_corpus_lead_to_what_is_there(whole_site: Path) -> None:
    """Every link to somebody's documentation, in both languages."""
    links = {
        link.replace("&amp;", "&")
        for path in whole_site.rglob("*.html")
        for link in _LINK.findall(path.read_text(encoding="utf-8"))
    }
    assert len(links) > 100
    assert not {link for link in links if not is_documented(link)}


@pytest.mark.parametrize(
    ("address", "is_there"),
    [
        ("https://docs.python.org/3/library/threading.html#threading.Lock", True),
        ("https://docs.python.org/3.10/library/threading.html#threading.Lock", True),
        ("https://docs.python.org/3.10/library/asyncio-runner.html#asyncio.run", False),
        ("https://docs.python.org/3.13/library/asyncio-task.html#asyncio.run", False),
        ("https://doc.rust-lang.org/1.95.0/std/sync/atomic/struct.AtomicU32.html", True),
        ("https://doc.rust-lang.org/stable/std/sync/atomic/struct.AtomicU32.html", False),
        ("https://doc.rust-lang.org/stable/std/sync/atomic/type.AtomicU32.html", True),
        ("https://doc.rust-lang.org/error_codes/E0373.html", True),
        ("https://doc.rust-lang.org/error_codes/E9999.html", False),
        ("https://docs.rs/tokio/latest/tokio/macro.join.html", True),
        ("https://example.org/", False),
    ],
)
def test_a_version_between_two_has_what_both_have(address: str, is_there: bool) -> None:
    """The newest of all stands for what names no version."""
    assert is_documented(address) is is_there


def test_an_address_is_split_into_its_site_its_version_and_its_path() -> None:
    """What names the newest version names none."""
    assert split("https://docs.python.org/3/a.html#b") == ("python", "", "a.html#b")
    assert split("https://doc.rust-lang.org/error_codes/E0373.html")[1:] == ("", "E0373")
    assert split("https://docs.rs/crossbeam-channel/latest/c/x.html") == ("crates", "", "c/x.html")
