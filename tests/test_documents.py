"""README.md and docs/ are true: what they show is what the commands print."""

import json
from pathlib import Path

import pytest

from harness.authoring.reference import reference_page
from harness.cli import COMMANDS
from harness.documents import AUDIT, CHECKS, MUTANTS, README, every_pair, made_parts, part
from harness.proof.mutants import Fate
from harness.proof.mutants.figures import score_in
from tests.site.picture import PICTURE, digest_in, digest_of_what_is_shown

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _in_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.mark.parametrize("name", ["failure", "audit", "mutants", "pairs", "classics"])
def test_the_parts_that_are_made_are_up_to_date(name: str) -> None:
    """What a document shows is what is there, and what the command prints that it shows."""
    ((document, content),) = ((where, made) for where, each, made in made_parts() if each == name)
    assert content == part(document.read_text(encoding="utf-8"), name)


def digests_in(file: Path) -> dict[str, str]:
    """Of which examples, as they were, a file has figures."""
    figures = json.loads(file.read_text(encoding="utf-8"))
    return {row["example"]: row["digest"] for row in figures["examples"]}


def test_the_audit_is_of_these_examples() -> None:
    """Each is audited as it stands: else run ``make audit``."""
    specs = every_pair()
    assert {spec.id: spec.full_digest for spec in specs} == digests_in(AUDIT)


def test_the_mutants_are_of_these_examples() -> None:
    """None is of an older text, and what has not been tried is named: else ``make mutants``."""
    expected = {spec.id: spec.full_digest for spec in every_pair()}
    tried = digests_in(MUTANTS)
    assert tried == {name: expected[name] for name in tried}
    told = part(CHECKS.read_text(encoding="utf-8"), "mutants").partition("<details>")[0]
    assert [] == [name for name in expected.keys() - tried.keys() if f"`{name}`" not in told]


def test_the_audit_is_as_good_as_is_said() -> None:
    """Every control breaks what it names, no property is vacuous, and traces are refused."""
    corpus = json.loads(AUDIT.read_text(encoding="utf-8"))["corpus"]
    assert corpus["controls"] == corpus["controls_broken"] > 0
    assert 0 == corpus["properties_vacuous"] == corpus["reinterleavings_refused"]
    assert corpus["mutants_killed"] >= 0.99 * corpus["mutants"] > 0


def test_the_mutants_are_killed_as_often_as_is_said() -> None:
    """Nine of ten that build and are not shown equivalent; the others are explained."""
    score = score_in(json.loads(MUTANTS.read_text(encoding="utf-8"))["corpus"])
    assert score.killed >= 0.9 * score.tried > 0
    assert 0 == score.unexplained == score.counts[Fate.ERRORED]


def test_the_reference_page_is_up_to_date() -> None:
    """``make docs`` would change nothing in docs/spec.md."""
    assert reference_page() == Path("docs/spec.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [README, *sorted(Path("docs").glob("*.md"))], ids=str)
def test_every_file_that_is_linked_to_is_there(page: Path) -> None:
    """No link of a document leads nowhere."""
    text = page.read_text(encoding="utf-8")
    targets = [piece.partition(")")[0] for piece in text.split("](")[1:]]
    local = [target.partition("#")[0] for target in targets if not target.startswith("http")]
    assert [] == [target for target in local if not (page.parent / target).exists()]


def test_the_picture_shows_the_page_as_it_is() -> None:
    """Else ``make picture`` takes it anew."""
    assert digest_of_what_is_shown() == digest_in(PICTURE.read_bytes())


def test_a_newcomer_finds_every_page() -> None:
    """Each page of docs/ is linked to from the README."""
    text = README.read_text(encoding="utf-8")
    assert [] == [
        page.name for page in Path("docs").glob("*.md") if f"](docs/{page.name})" not in text
    ]


def test_every_command_is_on_the_page_of_commands() -> None:
    """Each stands in the table that says what it is for."""
    page = Path("docs/commands.md").read_text(encoding="utf-8")
    _, _, table = page.partition("All of them")
    named = table.partition("\n\n|")[2].partition("\n\n")[0].split("`")[1::2]
    assert [] == sorted(set(COMMANDS) ^ set(named))
