"""Reading TOML: all of it is read, what is none is refused, and never guessed at."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from harness.language.discovery import find_examples, load_all
from harness.language.spec import load_spec
from harness.language.spec.reading import MAX_DEPTH, MAX_ITEMS, MAX_LENGTH
from harness.values.errors import SpecError
from tests.spec.examples import BREAKS, SPEC, loaded, refusal, write_example

REPLACE = '{ replace = "worker.join()", with = "pass" }'
CHAIN = 'order = { chain = ["worker", "main"] }'


@pytest.mark.parametrize(
    "written",
    [
        'order = { chain = [["worker"], "main"] }',
        'order.chain = [["worker"], "main"]',
        'order.chain = [\n    ["worker"], # first\n    "main",\n]',
        '"order" = { \'chain\' = [["worker"], ["main"]] }',
        '[always.worker-comes-first.order]\nchain = [["worker"], "main"]',
    ],
)
def test_a_list_of_texts_and_lists_is_read_in_every_form(tmp_path: Path, written: str) -> None:
    """Inline, dotted, over several lines, quoted, or as a table of its own."""
    expected = loaded(tmp_path / "plain").properties[1].rule
    assert expected == loaded(tmp_path / "other", (CHAIN, written)).properties[1].rule


@pytest.mark.parametrize(
    "written",
    [
        '[{ replace = "worker.join()", with = "\\"\\"\\"" }]',
        "{ replace = 'worker.join()', with = '\"\"\"' }",
        '{ replace = """\nworker.join()""", with = \'\'\'"""\'\'\' }',
    ],
)
def test_texts_in_inline_tables_are_what_they_are(tmp_path: Path, written: str) -> None:
    """Escaped quotes and texts of several lines included."""
    directory = write_example(tmp_path, breaks=BREAKS.replace(REPLACE, written))
    assert '"""' == load_spec(directory).controls[0].edits[0].other


def test_a_list_may_be_of_any_kinds(tmp_path: Path) -> None:
    """What stands in it is judged one by one."""
    assert (
        'example.toml:10: always.worker-counts.values.are: "worker.i" is a whole number, '
        "which 2.5 is not"
    ) == refusal(tmp_path, ('are = "0..3"', "are = [0, 1, 2.5]"))


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("1979-05-27", "the date 1979-05-27"),
        ("1979-05-27T07:32:00Z", "the date 1979-05-27T07:32:00+00:00"),
        ("07:32:00", "the time 07:32:00"),
    ],
)
def test_a_date_is_valid_and_never_wanted(tmp_path: Path, value: str, found: str) -> None:
    """It is told as what it is, with its place."""
    assert f"example.toml:2: summary: expected a text, found {found}" == refusal(
        tmp_path, ('"Main waits for a worker."', value)
    )
    said = refusal(tmp_path, ('"worker: {i:d}"', value))
    assert said.startswith("example.toml:5: events.worker: expected a pattern")
    assert said.endswith(found)


def test_nothing_that_was_kept_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in the current directory can say what it likes: the spec is what is written there."""
    write_example(tmp_path / "examples")
    forged = {"title": "forged"}
    state = tmp_path / ".harness"
    state.mkdir()
    (state / "tables-1.json").write_text(json.dumps(forged), "utf-8")
    monkeypatch.chdir(tmp_path)
    before = {path: path.read_bytes() for path in state.iterdir()}
    (spec,) = load_all(find_examples([Path("examples")]))
    assert "Wait for a worker" == spec.title
    assert before == {path: path.read_bytes() for path in state.iterdir()}


def test_what_is_dotted_has_the_place_where_it_stands(tmp_path: Path) -> None:
    """A key that is missing in it is told there."""
    found = refusal(tmp_path, (CHAIN, 'order.same = "i"'))
    assert found.startswith(
        'example.toml:14: always.worker-comes-first.order: expected the key "chain"'
    )


@pytest.mark.parametrize(("text", "message"), [
    pytest.param("a = ", "no valid TOML: Invalid value (at end of document)", id="no value"),
    pytest.param("a = 1\na = 2", "no valid TOML: Cannot overwrite a value (at end of document)",
                 id="a key twice"),
    pytest.param("[a]\n[a]", "no valid TOML: Cannot declare ('a',) twice (column 3)",
                 id="a table twice"),
    pytest.param("a = 1\x00", "no valid TOML: Expected newline or end of document after a "
                 "statement (column 6)", id="a control character"),
    pytest.param("a = " + "[" * 5000, "no valid TOML: it is nested too deeply",
                 id="endless nesting"),
    pytest.param("a = " + "9" * 5000, "no valid TOML: a number of too many digits, "
                 "or a date that does not exist",
                 id="endless digits"),
    pytest.param("a = " + "[" * 14 + "]" * 14, f"a{'[0]' * 12}: expected at most {MAX_DEPTH} "
                 "levels of tables and lists", id="many levels"),
    pytest.param("a = [" + "1," * 1001 + "]", f"a: expected at most {MAX_ITEMS} items, found 1001",
                 id="a long list"),
    pytest.param("a = 0x" + "f" * 17, "a: expected a number of at most 64 bits",
                 id="a huge number"),
    pytest.param("#" * (MAX_LENGTH + 1), "expected at most 65536 characters, found 65537",
                 id="a long text"),
])  # fmt: skip
def test_what_is_no_toml_or_beyond_all_measure_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    """The message is that of the standard library's reader, or names the limit."""
    found = refusal(tmp_path, text=text.encode()).removeprefix("example.toml")
    assert message == re.sub(r"^(:\d+)?: ", "", found)


def test_a_spec_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    """The message says at which byte."""
    assert "example.toml: expected a spec: example.toml is not UTF-8 (byte 5)" == refusal(
        tmp_path, text=b"a = \xff\n"
    )


@pytest.mark.parametrize("change", [
    pytest.param(lambda data: b"\xef\xbb\xbf" + data, id="byte order mark"),
    pytest.param(lambda data: data.replace(b"\n", b"\r\n"), id="CRLF"),
    pytest.param(lambda data: data.rstrip(b"\n"), id="no last line break"),
])  # fmt: skip
def test_what_editors_do_to_a_file_changes_nothing(tmp_path: Path, change: object) -> None:
    """A byte order mark, line ends of Windows, and a missing last line end are taken."""
    assert callable(change)
    expected = loaded(tmp_path)
    path = expected.path
    path.write_bytes(change(SPEC.encode()))
    again = loaded(tmp_path, text=path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    assert expected.properties == again.properties


def test_a_fault_of_the_text_has_its_line(tmp_path: Path) -> None:
    """As any other."""
    with pytest.raises(SpecError, match=r"example\.toml:4: no valid TOML: .*\(column 1\)"):
        loaded(tmp_path, ("[events]", "= 1\n[events]"))
