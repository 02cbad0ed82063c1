"""A corpus carries a record, so that a fresh copy has pages with runs; one's own take its place."""

from __future__ import annotations

import lzma
from dataclasses import replace
from pathlib import Path

import pytest

from harness.cli import run_command_line
from harness.judging.claims import Claims
from harness.judging.freedom import AllowedCount
from harness.language.declarations import Spec
from harness.language.discovery import find_examples, load_all
from harness.site import allowed, released
from harness.site.allowed import counts_about
from harness.site.data import PageData, gather
from harness.site.released import (
    MAX_BYTES,
    RECORD_FILE,
    ReleasedRecordError,
    gather_with_released,
    write_released,
)
from harness.site.texts import Translations
from harness.site.views.printed import printed_views
from harness.site.views.truth import property_views
from harness.site.words import words_of
from harness.values.errors import ExitCode
from tests.site.sample import CORPUS, sample_state


@pytest.fixture
def record(specs: tuple[Spec, ...], tmp_path: Path) -> Path:
    """The sample's record, as its corpus would carry it."""
    state = tmp_path / "state"
    sample_state(state, specs)
    path = tmp_path / RECORD_FILE
    assert write_released(gather(specs, state), state, path) == path.stat().st_size
    return path


def by_name(pages: tuple[PageData, ...]) -> dict[str, PageData]:
    """The pages by the names of their examples."""
    return {page.spec.name: page for page in pages}


def test_a_fresh_copy_shows_what_was_released(
    specs: tuple[Spec, ...], record: Path, tmp_path: Path
) -> None:
    """The same runs with the same counts, what controls broke, and what compilers said."""
    before = by_name(gather(specs, tmp_path / "state"))
    pages = by_name(gather_with_released(specs, tmp_path / "fresh", record))
    assert not (tmp_path / "fresh").exists()
    for name, page in pages.items():
        assert page.is_released == bool(before[name].seen)
        assert [s.shown for s in page.seen] == [s.shown for s in before[name].seen]
        assert [s.total for s in page.seen] == [s.total for s in before[name].seen]
        assert page.broken == before[name].broken
        assert page.refusals == before[name].refusals


def test_what_a_spec_allows_is_not_counted_again(
    specs: tuple[Spec, ...], record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in the record, and of no spec that is not."""

    def count(claims: Claims) -> AllowedCount:
        raise AssertionError(claims.spec.id)

    before = by_name(gather(specs, tmp_path / "state"))
    monkeypatch.setattr(allowed, "allowed_interleavings", count)
    pages = by_name(gather_with_released(specs, tmp_path / "fresh", record))
    assert [s.allowed for s in pages["spawn"].seen] == [s.allowed for s in before["spawn"].seen]
    text = (tmp_path / "state" / allowed.ALLOWED_FILE).read_text(encoding="utf-8")
    assert counts_about(text, ()) == "{}"


def test_ones_own_runs_take_the_place_of_released_ones(
    specs: tuple[Spec, ...], record: Path, tmp_path: Path
) -> None:
    """Of each pair by itself."""
    own = tmp_path / "own"
    sample_state(own, specs)
    pages = by_name(gather_with_released(specs, own, record))
    assert not any(page.is_released for page in pages.values())
    assert replace(pages["spawn"], seen=()).completed_by(pages["spawn"]).is_released


def test_what_has_changed_since_is_left_out(
    specs: tuple[Spec, ...], record: Path, tmp_path: Path
) -> None:
    """Its programs are others now, so nothing that was recorded is about them."""
    changed = tuple(replace(spec, digest="0" * 16) for spec in specs)
    pages = gather_with_released(changed, tmp_path / "fresh", record)
    assert all(not (page.seen or page.broken or page.refusals) for page in pages)


def test_a_record_that_is_none_is_refused(specs: tuple[Spec, ...], tmp_path: Path) -> None:
    """With its name, be it damaged, of another kind or of another format."""
    path = tmp_path / RECORD_FILE
    for content in (b"x", lzma.compress(b"[]"), lzma.compress(b'{"record": 9}')):
        path.write_bytes(content)
        with pytest.raises(ReleasedRecordError, match=RECORD_FILE):
            gather_with_released(specs, tmp_path / "fresh", path)


def test_a_record_stays_small(
    specs: tuple[Spec, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is too large is not written."""
    sample_state(tmp_path, specs)
    monkeypatch.setattr(released, "MAX_BYTES", 100)
    with pytest.raises(ReleasedRecordError, match="expected at most 100 bytes"):
        write_released(gather(specs, tmp_path), tmp_path, tmp_path / RECORD_FILE)
    assert not (tmp_path / RECORD_FILE).exists()


@pytest.fixture(scope="module")
def of_the_corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[PageData, ...]:
    """The pages of a fresh copy of the corpus."""
    specs = load_all(find_examples((CORPUS,)))
    return gather_with_released(specs, tmp_path_factory.mktemp("fresh"), CORPUS / RECORD_FILE)


def test_the_record_of_the_corpus_can_be_read(of_the_corpus: tuple[PageData, ...]) -> None:
    """It shows something, and it is no larger than it may be."""
    assert (CORPUS / RECORD_FILE).stat().st_size < MAX_BYTES
    assert any(page.is_released and page.broken for page in of_the_corpus)


def test_no_page_tells_of_more_orders_than_there_can_be(
    of_the_corpus: tuple[PageData, ...],
) -> None:
    """Where the sides allow different ones, it does not say how many there can be."""
    views = [
        view
        for page in of_the_corpus
        for view in property_views(page, words_of("en"), Translations(path=Path()))
        if view.allowed.isdigit()
    ]
    assert len(views) > 100
    assert all(view.interleavings <= int(view.allowed) for view in views)


def test_a_lane_of_a_thread_is_called_as_the_thread(of_the_corpus: tuple[PageData, ...]) -> None:
    """Though some event of the spec may have the same name: `main` in most of them."""
    lanes = {
        lane.name
        for page in of_the_corpus
        for _, views in printed_views(page, words_of("en"))
        for view in views
        for run in view.shown
        if run.by_thread
        for lane in run.lanes
    }
    assert "main" in lanes
    assert not {name for name in lanes if "{" in name}


def test_a_page_says_that_its_runs_are_not_of_this_machine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And so does the command."""
    words = ["site", "join", "--corpus", str(CORPUS), "--out", str(tmp_path / "out")]
    assert run_command_line([*words, "--state-dir", str(tmp_path / "state")]) == ExitCode.OK
    assert "1 pairs show runs of the record that the corpus carries" in capsys.readouterr().err
    page = (tmp_path / "out" / "pairs" / "join.html").read_text(encoding="utf-8")
    assert "when the pages were last released" in page
