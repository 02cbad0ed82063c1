"""The table of counterparts holds names that exist, and leads from each to where it is used."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from harness.language.discovery import find_examples, load_all
from harness.site.counterparts import (
    Counterpart,
    counterparts,
    counterparts_english,
    documented_elsewhere,
)
from harness.site.data import read_sources
from harness.site.lookup_names import names_in
from harness.site.markup import breakable
from harness.site.views.counterparts import documentation_of, forms_of, row_id, rows_of
from harness.values.program import Side
from tests.site.sample import CORPUS

ROWS = [row for group in counterparts() for row in group.rows]
NEWER = {"queue.Queue.shutdown", "asyncio.TaskGroup", "asyncio.timeout"}
"""What not every Python that runs the tests has."""


def used(side: Side) -> frozenset[str]:
    """All names that the corpus uses on one side."""
    found: set[str] = set()
    for spec in load_all(find_examples((CORPUS,))):
        sources = read_sources(spec)
        for program in spec.programs_of(side):
            found |= names_in(side, sources[program.path])
    return frozenset(found)


def has(name: str) -> bool:
    """Whether this Python has a name, whichever part of it is the module."""
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:length]))
        except ImportError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


@pytest.mark.parametrize("side", list(Side))
def test_each_name_leads_to_pairs_or_to_its_documentation(side: Side) -> None:
    """A name that is misspelt does neither."""
    known = used(side)
    lost = [
        name
        for row in ROWS
        for name in row.names[side]
        if not known & {*forms_of(name, side)} and not documentation_of(name, side)
    ]
    assert lost == []


def test_each_name_of_python_exists() -> None:
    """But for what only a newer one has, and for attributes that no class shows."""
    attributes = {"threading.Lock.acquire", "subprocess.Popen.returncode"}
    names = {name for row in ROWS for name in row.names[Side.PYTHON]} - NEWER - attributes
    assert [name for name in sorted(names) if not has(name)] == []


def test_rows_are_told_apart_and_say_how_the_two_differ() -> None:
    """Each has a role and an address of its own, and something on one side at least."""
    assert len({row.role for row in ROWS}) == len({row_id(row) for row in ROWS}) == len(ROWS)
    assert all(row.differs and any(row.names.values()) for row in ROWS)
    assert any(not row.names[Side.RUST] for row in ROWS)
    assert any(not row.names[Side.PYTHON] for row in ROWS)
    assert len(counterparts_english()) == len(ROWS) + len(counterparts())


@pytest.mark.parametrize(
    ("python", "rust"),
    [
        ("threading.Thread", "std::thread::spawn"),
        ("threading.Thread", "std::thread::Builder"),
        ("concurrent.futures.Future.result", "std::thread::JoinHandle::join"),
        ("queue.Queue", "std::sync::mpsc::channel"),
        ("asyncio.gather", "tokio::join!"),
        ("asyncio.TaskGroup", "tokio::task::JoinSet"),
    ],
)
def test_the_counterparts_that_all_look_for_are_there(python: str, rust: str) -> None:
    """In one row."""
    assert any(rust in row.names[Side.RUST] for row in rows_of(Side.PYTHON)[python])
    assert any(python in row.names[Side.PYTHON] for row in rows_of(Side.RUST)[rust])


@pytest.mark.parametrize(
    ("name", "side", "address"),
    [
        ("threading.Thread.is_alive", Side.PYTHON, "3/library/threading.html#threading.Thread.is"),
        ("std::sync::mpsc::Receiver::try_recv", Side.RUST, "Receiver.html#method.try_recv"),
        ("tokio::join!", Side.RUST, "https://docs.rs/tokio/latest/tokio/macro.join.html"),
        ("std::no::Such", Side.RUST, ""),
    ],
)
def test_a_name_that_no_pair_uses_has_its_documentation(
    name: str, side: Side, address: str
) -> None:
    """A method with its owner, a crate's at docs.rs."""
    found = documentation_of(name, side)
    assert address in found
    assert bool(found) == bool(address)


def test_what_is_documented_elsewhere_is_in_the_table() -> None:
    """And lies where crates and the standard library are documented."""
    names = {name for row in ROWS for name in row.names[Side.RUST]}
    assert set(documented_elsewhere()) <= names
    sites = re.compile(r"https://(docs\.rs/[\w-]+/latest|doc\.rust-lang\.org/stable)/\S+")
    assert all(sites.fullmatch(address) for address in documented_elsewhere().values())


@pytest.mark.parametrize("place", ["", "ko/"])
def test_the_page_leads_to_uses_and_to_pairs(whole_site: Path, place: str) -> None:
    """And the tables of each side lead back to it, in both languages."""
    page = (whole_site / place / "counterparts.html").read_text(encoding="utf-8")
    assert page.count("<tbody") == len(ROWS)
    assert 'href="from-python.html#concurrent-futures-Future-result"' in page
    assert 'class="outside" href="https://docs.rs/tokio/latest/tokio/macro.join.html"' in page
    assert 'href="pairs/value-from-join.html"' in page
    table = (whole_site / place / "from-python.html").read_text(encoding="utf-8")
    row = next(r for r in ROWS if r.role == "queue.Queue → std::sync::mpsc::channel")
    assert f'href="counterparts.html#{row_id(row)}"' in table
    assert f'<tbody id="{row_id(row)}">' in page


def test_every_link_into_the_tables_has_a_target(whole_site: Path) -> None:
    """No name is led to that stands in no table."""
    page = (whole_site / "counterparts.html").read_text(encoding="utf-8")
    tables = {
        n: (whole_site / n).read_text(encoding="utf-8")
        for n in ("from-python.html", "from-rust.html")
    }
    for name, anchor in re.findall(r'href="(from-\w+\.html)#([^"]+)"', page):
        assert f'id="{anchor}"' in tables[name], anchor


def test_a_row_with_a_side_that_has_nothing_is_kept_by_the_other() -> None:
    """Its role and its address are those of what there is."""
    row = Counterpart(names={Side.PYTHON: (), Side.RUST: ("a::b!",)}, differs="x")
    assert (row.role, row_id(row)) == ("– → a::b!", "a-b")


def test_a_long_name_may_be_broken_where_its_parts_meet() -> None:
    """Behind dots and colons, and nowhere else; what is escaped stays so."""
    assert breakable("a.b::c!") == "a.<wbr>b::<wbr>c!"
    assert breakable("a<b") == "a&lt;b"
