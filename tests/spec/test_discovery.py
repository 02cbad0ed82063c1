"""Finding examples, selecting among them, and loading them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from harness.language.discovery import (
    find_directories,
    find_examples,
    load_all,
    select,
    select_one,
    split_selection,
)
from harness.values.errors import NothingSelected, SpecError, UsageError
from tests.growth import FACTOR, LINEAR, growth
from tests.spec.examples import write_example

if TYPE_CHECKING:
    from pathlib import Path


NEAR = 'which is missing (did you mean "titel"?)'
MISSING = 'expected the key "why", which is missing (did you mean "wy"?)'


def corpus_of(directory: Path, *names: str) -> Path:
    """A corpus with an example of each name, which is written ``topic/name``."""
    for name in names:
        write_example(directory, name=name)
    return directory


def test_examples_are_found_in_the_order_of_their_paths(tmp_path: Path) -> None:
    """Hidden directories, and those where tools put what they make, are not entered."""
    corpus_of(tmp_path, "b/y", "a/z", "a/x")
    for hidden in (".git", "target", "__pycache__"):
        write_example(tmp_path / hidden)
    names = [f"{path.parent.name}/{path.name}" for path in find_directories(tmp_path)]
    assert ["a/x", "a/z", "b/y"] == names


def test_two_examples_of_one_name_are_refused(tmp_path: Path) -> None:
    """A name means one example, in whatever topic or corpus; both places are told."""
    corpus_of(tmp_path, "a/x", "b/x")
    with pytest.raises(SpecError) as caught:
        find_examples([tmp_path])
    assert f'{tmp_path}/b/x: a second example named "x"; the first is {tmp_path}/a/x' == str(
        caught.value
    )


def test_a_corpus_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    """The message says what was expected."""
    with pytest.raises(UsageError) as caught:
        find_examples([tmp_path / "none"])
    assert (
        f"{tmp_path}/none: expected a directory of examples, found none; "
        'run this where the corpus is, name one, or make one with "harness init"'
        == str(caught.value)
    )


def test_all_faults_of_a_corpus_are_told_at_once(tmp_path: Path) -> None:
    """Each is on a line of its own, and no spec hides the fault of another."""
    corpus_of(tmp_path, "a/x", "a/y", "a/z")
    for name, old, new in (("x", "title", "titel"), ("z", "why", "wy")):
        path = tmp_path / "a" / name / "example.toml"
        path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(SpecError) as caught:
        load_all(find_examples([tmp_path]))
    assert [
        f'{tmp_path}/a/x/example.toml: expected the key "title", {NEAR}',
        f"{tmp_path}/a/z/example.toml:8: always.worker-counts: {MISSING}",
    ] == str(caught.value).split("\n")


@pytest.mark.parametrize(("words", "expected"), [
    pytest.param([], ["a/x", "a/y", "b/w"], id="none: all"),
    pytest.param(["y"], ["a/y"], id="a name"),
    pytest.param(["a/y"], ["a/y"], id="a topic and a name"),
    pytest.param(["a"], ["a/x", "a/y"], id="a topic"),
    pytest.param(["a/"], ["a/x", "a/y"], id="a topic as a shell completes it"),
    pytest.param(["?"], ["a/x", "a/y", "b/w"], id="a glob of names"),
    pytest.param(["b/*", "x", "x"], ["a/x", "b/w"], id="several, in the order of their paths"),
])  # fmt: skip
def test_words_select_examples(tmp_path: Path, words: list[str], expected: list[str]) -> None:
    """A name, a topic, both, or a glob of any of these; an example is selected once."""
    chosen = select(find_examples([corpus_of(tmp_path, "a/x", "a/y", "b/w")]), words)
    assert expected == [f"{path.parent.name}/{path.name}" for path in chosen]


def test_a_word_that_means_nothing_is_refused_with_the_nearest(tmp_path: Path) -> None:
    """One wrong word is enough, even beside right ones."""
    found = find_examples([corpus_of(tmp_path, "life/join", "life/spawn")])
    with pytest.raises(NothingSelected) as caught:
        select(found, ["spawn", "jion"])
    assert 'no example is called "jion" (did you mean "join"?); see "harness list"' == str(
        caught.value
    )


def test_an_empty_corpus_has_nothing_to_select(tmp_path: Path) -> None:
    """The message says where specs are looked for."""
    with pytest.raises(NothingSelected) as caught:
        select(find_examples([tmp_path]), [])
    assert (
        "no examples here: expected <topic>/<name>/example.toml; "
        '"harness new TOPIC/NAME" writes one' == str(caught.value)
    )


def test_one_example_is_one(tmp_path: Path) -> None:
    """Where one is wanted, a word that means several is refused with their names."""
    found = find_examples([corpus_of(tmp_path, "a/x", "a/y")])
    assert "x" == select_one(found, "x").name
    with pytest.raises(UsageError) as caught:
        select_one(found, "a")
    assert '"a" means 2 examples: a/x, a/y; name one' == str(caught.value)


def test_directories_among_the_words_are_corpora(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A directory without a spec below it is a word like others; without one it is examples."""
    corpus_of(tmp_path / "mine", "a/x")
    (tmp_path / "join").mkdir()
    monkeypatch.chdir(tmp_path)
    corpora, words = split_selection(["mine", "join"])
    assert (["mine"], ("join",)) == ([str(path) for path in corpora], words)
    assert ["examples"] == [str(path) for path in split_selection(["x"])[0]]


def test_the_time_that_loading_takes_grows_with_the_number_of_examples(tmp_path: Path) -> None:
    """Finding, selecting and loading take as long for each example, however many there are."""
    corpora = {
        number: corpus_of(tmp_path / str(number), *(f"t/e{i}" for i in range(number)))
        for number in (30, FACTOR * 30)
    }

    def load(number: int) -> None:
        assert number == len(load_all(select(find_examples([corpora[number]]), ["t/*"])))

    assert growth(load, 30) < LINEAR
