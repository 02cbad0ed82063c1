"""Programs open where they can be run without installing anything, with the code in the link."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from harness.language.declarations import Spec
from harness.language.discovery import find_examples, load_all, select
from harness.site.online import online_address
from harness.values.program import Side
from tests.site.sample import CORPUS


def address(spec: Spec, side: Side, version: str = "") -> str:
    """Where main of that side opens."""
    program = spec.program(side, "main")
    assert program is not None
    return online_address(spec, program, source_of(spec, side), version)


def source_of(spec: Spec, side: Side) -> str:
    """The text of main of that side."""
    program = spec.program(side, "main")
    assert program is not None
    return (spec.directory / program.path).read_text(encoding="utf-8")


def named(name: str) -> Spec:
    """The pair of the corpus of that name."""
    return load_all(select(find_examples((CORPUS,)), (name,)))[0]


def test_a_program_in_rust_opens_in_its_edition_with_its_code() -> None:
    """All of it, every sign of it."""
    spec = named("mutex-counter")
    parts = urlsplit(address(spec, Side.RUST))
    assert parts.netloc == "play.rust-lang.org"
    asked = parse_qs(parts.query)
    assert asked["code"] == [source_of(spec, Side.RUST)]
    assert asked["edition"] == ["2021"]


def test_a_program_in_python_opens_where_there_are_threads() -> None:
    """In the version that ran it, or the newest one there; the code is run, not only shown."""
    spec = named("mutex-counter")
    for version, known in (("3.11.7", "python311"), ("3.15.0", "python313"), ("", "python313")):
        parts = urlsplit(address(spec, Side.PYTHON, version))
        assert parts.netloc == "godbolt.org"
        state = json.loads(base64.b64decode(unquote(parts.path.rpartition("/")[2])))
        (session,) = state["sessions"]
        assert session["source"] == source_of(spec, Side.PYTHON)
        assert session["executors"][0]["compiler"]["id"] == known


def test_what_needs_more_than_its_one_file_opens_nowhere() -> None:
    """A library that is built beside it; the page says so."""
    spec = named("releasing-extension")
    assert address(spec, Side.PYTHON) == address(spec, Side.RUST) == ""


def test_a_page_says_where_a_program_cannot_be_run(whole_site: Path) -> None:
    """In the place of the link."""
    text = (whole_site / "pairs" / "releasing-extension.html").read_text(encoding="utf-8")
    assert "needs more than an online interpreter has" in text
    assert "godbolt.org" not in text
    text = (whole_site / "pairs" / "lock-order.html").read_text(encoding="utf-8")
    assert text.count("https://play.rust-lang.org/") == text.count("https://godbolt.org/") == 3
