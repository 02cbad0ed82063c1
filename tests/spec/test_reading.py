"""Reading TOML: what is misread, or is no TOML, is refused, and never guessed at."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import toml

from harness.spec.reading import MAX_DEPTH, MAX_ITEMS, MAX_LENGTH
from tests.spec.examples import SPEC, loaded, refusal

SPECS = sorted(Path("examples").glob("*/*/example.toml"))
WAY_ROUND = (
    'write it as a table of its own ("[property.order]"), its keys each on a line, '
    "or a text in single quotes"
)


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.parent.name)
def test_every_spec_means_the_same_to_both_readers(path: Path) -> None:
    """The library that is used and the standard library's agree on the whole corpus."""
    text = path.read_text(encoding="utf-8")
    assert tomllib.loads(text) == toml.loads(text)


REPLACE = 'replace = "worker.join()"\nwith    = "pass"'


def test_what_the_reader_would_misread_is_refused(tmp_path: Path) -> None:
    """Three escaped quotes are nothing to ``toml``; in single quotes they are what they are."""
    edits = 'edits = [{ replace = "worker.join()", with = "\\"\\"\\"" }]'
    assert toml.loads(edits) != tomllib.loads(edits)
    assert (
        "example.toml:22: control[0].edits[0].with: valid TOML, but it would be read as "
        f"the text '', not as the text '\"\"\"': {WAY_ROUND}"
    ) == refusal(tmp_path, (REPLACE, edits))
    breaks = 'breaks  = ["worker-comes-first"]\n'
    table = f"{breaks}[[control.edits]]\nreplace = 'worker.join()'\nwith = '\"\"\"'\n"
    spec = loaded(tmp_path, (f"{REPLACE}\n", ""), (breaks, table))
    assert '"""' == spec.controls[0].edits[0].replacement


def test_what_the_reader_would_drop_is_refused(tmp_path: Path) -> None:
    """Of inline tables with texts of several lines ``toml`` may leave nothing at all."""
    edits = 'edits = [{ replace = """worker\n""", with = "a" }, { replace = """x\n""" }]'
    assert (
        "example.toml:22: control[0].edits[0]: valid TOML, but it would be read as nothing, "
        f"not as a table: {WAY_ROUND}"
    ) == refusal(tmp_path, (REPLACE, edits))


def test_what_the_reader_does_not_take_is_refused(tmp_path: Path) -> None:
    """Valid TOML that ``toml`` stumbles over is said to be so, with the way round."""
    edit = ('order = { chain = ["worker", "main"] }', 'order.chain = [["worker"], "main"]')
    assert (
        "example.toml:17: valid TOML, but more than is taken here "
        f"(Not a homogeneous array): {WAY_ROUND}"
    ) == refusal(tmp_path, edit)


@pytest.mark.parametrize(("text", "message"), [
    pytest.param("a = ", "no valid TOML: Invalid value (at end of document)", id="no value"),
    pytest.param("a = 1\na = 2", "no valid TOML: Cannot overwrite a value (at end of document)",
                 id="a key twice"),
    pytest.param("[a]\n[a]", "no valid TOML: Cannot declare ('a',) twice (at line 2, column 3)",
                 id="a table twice"),
    pytest.param("a = 1\x00", "no valid TOML: Expected newline or end of document after a "
                 "statement (at line 1, column 6)", id="a control character"),
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
    pytest.param("#" * 65537, f"expected at most {MAX_LENGTH} characters, found 65537",
                 id="a long text"),
])  # fmt: skip
def test_what_is_no_toml_or_beyond_all_measure_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    """The message is that of the standard library's reader, or names the limit."""
    found = refusal(tmp_path, text=text.encode()).removeprefix("example.toml")
    assert message == found.removeprefix(":1").removeprefix(": ")


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
