"""The README is true: what it shows is what the commands print."""

import json
from pathlib import Path

import pytest

from harness.discovery import DEFAULT_CORPUS, find_examples, load_all
from harness.readme import AUDIT, MUTANTS, README, made_parts, part
from harness.reference import reference_page

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _in_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.mark.parametrize("name", ["failure", "audit", "mutants", "pairs"])
def test_the_parts_that_are_made_are_up_to_date(name: str) -> None:
    """What the README shows is what is there, and what the command prints that it shows."""
    assert dict(made_parts())[name] == part(README.read_text(encoding="utf-8"), name)


@pytest.mark.parametrize("file", [AUDIT, MUTANTS])
def test_the_figures_are_of_these_examples(file: Path) -> None:
    """What the README shows of them is not of older ones: else run ``make audit mutants``."""
    figures = json.loads(file.read_text(encoding="utf-8"))
    specs = load_all(find_examples([DEFAULT_CORPUS]))
    expected = {spec.id: spec.digest for spec in specs}
    assert expected == {row["example"]: row["digest"] for row in figures["examples"]}


def test_the_reference_page_is_up_to_date() -> None:
    """``make docs`` would change nothing in docs/spec.md."""
    assert reference_page() == Path("docs/spec.md").read_text(encoding="utf-8")


def test_every_file_that_is_linked_to_is_there() -> None:
    """No link of the README leads nowhere."""
    text = README.read_text(encoding="utf-8")
    targets = [piece.partition(")")[0] for piece in text.split("](")[1:]]
    local = [target for target in targets if not target.startswith("http")]
    assert local
    assert [] == [target for target in local if not Path(target).exists()]
