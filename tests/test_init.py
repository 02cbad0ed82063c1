"""``harness init`` and ``new`` away from home: a corpus anywhere, and commands all over it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from harness.cli import run_command_line
from harness.language.corpus import load_corpus
from harness.language.discovery import find_examples
from harness.language.home import Home, find_home
from harness.values.errors import ExitCode

QUICK = ("--runs", "1", "--schedules", "0", "--no-color", "--side", "python")


def _repository(place: Path) -> Path:
    (place / ".git").mkdir(parents=True)
    return place


def _files(place: Path) -> set[str]:
    """All files but git's and what is kept of runs."""
    there = (path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())
    return {name for name in there if not name.startswith((".git/", ".harness/"))}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository, in which we are."""
    place = _repository(tmp_path / "my-book")
    monkeypatch.chdir(place)
    return place


def test_init_makes_all_that_a_corpus_has(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everything lies within the corpus, but for the workflow; and each file is told."""
    assert ExitCode.OK == run_command_line(["init"])
    pair = "examples/first-steps/three-steps"
    assert {
        ".github/workflows/pairs.yml",
        "examples/.gitignore",
        "examples/Cargo.toml",
        "examples/corpus.toml",
        *(f"{pair}/{name}" for name in ("example.toml", "main.py", "Cargo.toml")),
        f"{pair}/src/main.rs",
    } == _files(repository)
    said = capsys.readouterr().out
    assert {
        "made .github/workflows/pairs.yml",
        "made examples/corpus.toml",
        f"made {pair}",
    } <= set(said.splitlines())
    assert "Pairs of my-book" == load_corpus(repository / "examples").title


@pytest.mark.skipif(shutil.which("cargo") is None, reason="needs cargo")
def test_what_init_made_verifies_and_leaves_nothing_for_git(tmp_path: Path) -> None:
    """Both sides pass at once, also from a sub-folder, and only one ``.harness`` is there."""
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        assert ExitCode.OK == run_command_line(["init"])
        before = _files(tmp_path)
        patch.chdir(tmp_path / "examples" / "first-steps")
        assert ExitCode.OK == run_command_line(["verify", *QUICK[:-2]])
    assert {"examples/Cargo.lock"} >= _files(tmp_path) - before
    assert [tmp_path / ".harness"] == list(tmp_path.rglob(".harness"))
    status = ["git", "status", "--short", "-unormal"]
    told = subprocess.run(status, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ["?? .github/", "?? examples/"] == told.stdout.splitlines()


def test_init_keeps_what_is_there(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of somebody's is left alone, and said to be; a corpus is not begun twice."""
    ignored = repository / "examples" / ".gitignore"
    ignored.parent.mkdir()
    ignored.write_text("mine\n")
    assert ExitCode.OK == run_command_line(["init"])
    assert "mine\n" == ignored.read_text()
    assert "kept examples/.gitignore, which was there" in capsys.readouterr().out
    assert ExitCode.USAGE == run_command_line(["init"])
    assert "examples is a corpus already" in capsys.readouterr().err


def test_init_writes_nothing_where_it_cannot_write_all(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A directory that is a crate already cannot be a workspace as well."""
    (repository / "Cargo.toml").write_text('[package]\nname = "mine"\n')
    assert ExitCode.USAGE == run_command_line(["init", "."])
    assert "a corpus has a directory of its own" in capsys.readouterr().err
    assert {"Cargo.toml"} == _files(repository)


def test_init_here_makes_this_directory_the_corpus(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Then nothing at all lies outside, without git, and what is kept is in it, too."""
    here = tmp_path / "pairs"
    here.mkdir()
    monkeypatch.chdir(here)
    assert ExitCode.OK == run_command_line(["init", "."])
    assert "  harness verify\n" in capsys.readouterr().out
    assert ExitCode.OK == run_command_line(["verify", *QUICK])
    assert [here] == list(tmp_path.iterdir())
    assert "*\n" == (here / ".harness" / ".gitignore").read_text()


@pytest.mark.parametrize("folder", [".", "src", "src/deep"])
def test_new_begins_a_corpus_at_the_top_of_an_empty_repository(
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    folder: str,
) -> None:
    """From wherever it is called; what it made is found from there, too."""
    place = repository / folder
    place.mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(place)
    assert ExitCode.OK == run_command_line(["new", "async/first-one", "--side", "python"])
    assert (repository / "examples" / "async" / "first-one" / "main.py").exists()
    assert (repository / "examples" / "corpus.toml").exists()
    assert ExitCode.OK == run_command_line(["list"])
    assert "first-one" in capsys.readouterr().out


def test_new_adds_no_file_to_a_corpus_that_has_examples(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who keeps no ``corpus.toml`` is given none."""
    assert ExitCode.OK == run_command_line(["new", "a/one", "--side", "python"])
    (repository / "examples" / "corpus.toml").unlink()
    monkeypatch.chdir(repository / "examples" / "a")
    assert ExitCode.OK == run_command_line(["new", "a/two", "--side", "python"])
    assert (repository / "examples" / "a" / "two").is_dir()
    assert not (repository / "examples" / "corpus.toml").exists()


@pytest.mark.usefixtures("repository")
def test_a_corpus_that_lists_nothing_leaves_the_order_open(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A ``corpus.toml`` with a title only asks for no line with each pair."""
    run_command_line(["init", "--side", "python"])
    capsys.readouterr()
    assert ExitCode.OK == run_command_line(["list"])
    assert "not listed" not in capsys.readouterr().out


# --- which corpus is meant ------------------------------------------------------


def _corpus(place: Path) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    (place / "corpus.toml").write_text("")
    return place


def test_outside_of_a_repository_only_what_lies_around_us_counts(tmp_path: Path) -> None:
    """A corpus beside us is not ours; one that we are in is."""
    corpus = _corpus(tmp_path / "examples")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (corpus / "topic").mkdir()
    assert find_home(elsewhere) is None
    assert Home(Path(".."), Path("../..")) == find_home(corpus / "topic")
    assert Home(Path("examples"), Path()) == find_home(tmp_path)


def test_a_search_ends_at_the_top_of_the_repository(tmp_path: Path) -> None:
    """What lies above belongs to another."""
    _corpus(tmp_path)
    assert find_home(_repository(tmp_path / "repository")) is None


def test_the_one_directory_that_says_so_is_the_corpus(tmp_path: Path) -> None:
    """An ``examples`` of something else does not stand in its way; two leave it open."""
    repository = _repository(tmp_path / "repository")
    (repository / "examples").mkdir()
    _corpus(repository / "pairs")
    assert Home(Path("pairs"), Path("pairs")) == find_home(repository)
    _corpus(repository / "more")
    assert Home(Path("examples"), Path()) == find_home(repository)


def test_a_corpus_is_found_through_its_sub_folders_once(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same example is the same path from everywhere."""
    run_command_line(["new", "a/one", "--side", "python"])
    found = []
    for place in (repository, repository / "examples", repository / "examples" / "a"):
        monkeypatch.chdir(place)
        home = find_home()
        assert home is not None
        found.append((find_examples([home.corpus]), (place / home.root).resolve()))
    assert [((repository / "examples" / "a" / "one",), repository)] * 3 == found
