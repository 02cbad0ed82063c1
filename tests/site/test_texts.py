"""A missing or stale translation is named; those of the corpus are complete."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest

from harness.cli import run_command_line
from harness.language.declarations import Spec
from harness.language.discovery import find_examples, load_all
from harness.site.data import read_sources
from harness.site.texts import (
    TranslationError,
    Translations,
    digest_of,
    faults_of,
    faults_of_example,
    faults_of_ui,
    read_translations,
    texts_of,
    ui_english,
    ui_korean,
    write_skeleton,
)
from harness.site.words import words_of
from harness.values.errors import ExitCode
from tests.site.sample import CORPUS

KO = Path("ko.toml")


def faults(texts: dict[str, str], **korean: tuple[str, str]) -> list[str]:
    """What is said of these Korean texts, each with its digest."""
    return [str(fault) for fault in faults_of(texts, Translations(path=KO, texts=korean))]


def test_a_missing_translation_is_named_with_what_to_write() -> None:
    """The role, the digest and the English text are all there is to know."""
    digest = digest_of("A thread")
    expected = f'ko.toml: "title": missing; translate ["{digest}", …] of: A thread'
    assert [expected] == faults({"title": "A thread"})


def test_a_stale_translation_is_named() -> None:
    """It was made of another text."""
    digest = digest_of("A thread")
    expected = f'ko.toml: "title": stale; translate ["{digest}", …] of: A thread'
    assert [expected] == faults({"title": "A thread"}, title=(digest_of("One thread"), "스레드"))


def test_a_translation_of_nothing_is_named() -> None:
    """What it translated is no longer there."""
    expected = 'ko.toml: "gone": is of nothing that is there; remove it'
    assert [expected] == faults({}, gone=("00000000", "없음"))


@pytest.mark.parametrize("korean", ["A thread of `main`", "TODO 스레드", "un hilo"])
def test_what_is_no_korean_is_named(korean: str) -> None:
    """The English text again, one that is still to be written, one without a letter of Korean."""
    english = "A thread of `main`"
    named = f'"title": no Korean; translate ["{digest_of(english)}", …] of: {english}'
    assert [f"ko.toml: {named}"] == faults({"title": english}, title=(digest_of(english), korean))


@pytest.mark.parametrize(
    "text", ["{items}", "`main.py` {n}", "JoinHandle", "'static", "|Arc|Arcs|"]
)
def test_what_has_no_words_may_be_alike(text: str) -> None:
    """Names, code and places of values are the same in both languages."""
    assert [] == faults({"title": text}, title=(digest_of(text), text))


def test_a_skeleton_has_the_digests_and_is_a_fault_until_it_is_filled_in(
    tmp_path: Path, specs: tuple[Spec, ...]
) -> None:
    """Entries that are there stay where they are; a stale one keeps its text behind the mark."""
    path = tmp_path / "ko.toml"
    path.write_text('# Head\n\n[texts]\n"summary" = ["00000000", "요약"]\n"x" = ["1", "엑스"]\n')
    texts = {"title": 'Two "threads"', "summary": "They run."}
    moved = replace(specs[0], directory=tmp_path)
    found = list(faults_of(texts, read_translations(moved)))
    assert (path,) == write_skeleton(found)
    lines = path.read_text().splitlines()
    assert lines[:4] == [
        "# Head",
        "",
        "[texts]",
        f'"summary" = ["{digest_of("They run.")}", "TODO 요약"]',
    ]
    assert lines[-1] == f'"title" = ["{digest_of(texts["title"])}", "TODO Two \\"threads\\""]'
    kinds = {(f.role, f.kind) for f in faults_of(texts, read_translations(moved))}
    assert {("title", "no Korean"), ("summary", "no Korean"), ("x", "superfluous")} == kinds


def test_a_translation_that_fits_is_no_fault() -> None:
    """How the English text is broken into lines does not matter."""
    assert [] == faults({"title": "A\n  thread"}, title=(digest_of("A thread"), "스레드"))


def test_a_stale_translation_is_not_shown() -> None:
    """Readers see the English text until it has been translated anew."""
    translations = Translations(path=KO, texts={"title": (digest_of("One"), "하나")})
    assert ("하나", "Two") == (translations.of("title", "One"), translations.of("title", "Two"))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[texts]\ntitle = 'x'", "\"title\": expected [digest, text], found 'x'"),
        ("title = ['a', 'b']", "expected the table [texts], found none"),
        ("[texts", "cannot be read: "),
    ],
)
def test_a_file_that_is_no_translation_is_refused(
    tmp_path: Path, specs: tuple[Spec, ...], text: str, complaint: str
) -> None:
    """The message names the file and what was expected."""
    (tmp_path / "ko.toml").write_text(text)
    with pytest.raises(TranslationError) as caught:
        read_translations(replace(specs[0], directory=tmp_path))
    assert str(caught.value).startswith(f"{tmp_path / 'ko.toml'}: ")
    assert complaint in str(caught.value)


def test_every_text_of_the_corpus_is_translated() -> None:
    """No example has a text that is missing, stale or superfluous in Korean."""
    specs = load_all(find_examples((CORPUS,)))
    found = [str(f) for spec in specs for f in faults_of_example(spec, read_sources(spec))]
    assert [] == found


def test_every_text_of_the_site_is_translated() -> None:
    """The site's own texts are complete in both languages."""
    assert [] == [str(fault) for fault in faults_of_ui()]


def test_translations_keep_the_places_of_values() -> None:
    """A text that takes values takes the same ones in both languages."""
    korean = ui_korean().texts
    for key, english in ui_english().items():
        named = [
            {field for _, field, _, _ in Formatter().parse(t) if field}
            for t in (english, korean[key][1])
        ]
        assert named[0] == named[1], key


def test_every_example_names_all_its_texts(specs: tuple[Spec, ...]) -> None:
    """Title, summary, steps, reasons and controls are all there, and no role is there twice."""
    spec = next(spec for spec in specs if spec.name == "join")
    roles = [text.role for text in texts_of(spec, read_sources(spec))]
    assert len(roles) == len(set(roles))
    assert {
        "title",
        "summary",
        "step main 1",
        "property worker-finishes",
        "control join forgotten",
    } <= set(roles)


def test_the_check_fails_for_what_is_not_translated(
    specs: tuple[Spec, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """The hostile pair has no Korean texts: each is named, and the exit code says so."""
    hostile = next(spec for spec in specs if spec.name == "hostile").directory
    code = run_command_line(["site", "--check", "--corpus", str(hostile.parent), "hostile"])
    assert code == ExitCode.FAILED
    assert f'{hostile / "ko.toml"}: "title": missing' in capsys.readouterr().err


def test_numbers_are_grouped_and_counted() -> None:
    """One run, many runs; thousands are set apart."""
    words = words_of("en")
    counted = (words.count(1, "index.pairs"), words.count(5200, "index.pairs"))
    assert ("1 pair", "5,200 pairs") == counted
