"""What CI services read: valid by their own schemas, and in step with the harness."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.cli import harness

ROOT = Path(__file__).parents[1]
WORKFLOW = ROOT / ".github" / "workflows" / "verify.yml"
ACTION = ROOT / "action.yml"


def _check(schema: str, file: Path) -> subprocess.CompletedProcess[str]:
    """Let check-jsonschema judge; it carries the schemas, and needs no network."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("schema", "file"),
    [("vendor.github-workflows", WORKFLOW), ("vendor.github-actions", ACTION)],
    ids=["workflow", "action"],
)
def test_what_github_reads_is_valid(schema: str, file: Path) -> None:
    """The workflow and the action fit GitHub's schemas."""
    checked = _check(schema, file)
    assert 0 == checked.returncode, checked.stdout


def test_the_check_can_fail(tmp_path: Path) -> None:
    """A workflow with an unknown key is refused."""
    wrong = tmp_path / "wrong.yml"
    text = WORKFLOW.read_text(encoding="utf-8")
    wrong.write_text(text.replace("runs-on:", "run-on:", 1), encoding="utf-8")
    assert 1 == _check("vendor.github-workflows", wrong).returncode


def test_the_action_asks_for_options_that_there_are() -> None:
    """Every option in the action's script is one of harness verify's."""
    options = set(re.findall(r"\(?\"?(--[a-z-]+)", ACTION.read_text(encoding="utf-8")))
    told = CliRunner().invoke(harness, ["verify", "--help"]).output
    asked = options - {"--quiet", "--disable-pip-version-check"}
    assert len(asked) > 6
    assert set() == {option for option in asked if not re.search(rf"{option}\b", told)}


def test_the_workflow_passes_inputs_that_the_action_has() -> None:
    """Every input that the workflow gives is declared."""
    used = re.search(r"- uses: \./\n +with:\n((?: {10,}\S.*\n)+)", WORKFLOW.read_text("utf-8"))
    assert used is not None
    given = re.findall(r"^ +([a-z]+):", used[1], flags=re.MULTILINE)
    declared = re.findall(r"^  ([a-z]+):$", ACTION.read_text("utf-8"), flags=re.MULTILINE)
    assert {"python", "rust", "shard", "times", "report"} == set(given)
    assert set() == set(given) - set(declared)


def test_no_key_of_a_cache_has_a_comma() -> None:
    """GitHub refuses such a key; the schema knows nothing of what is put into one."""
    text = WORKFLOW.read_text("utf-8")
    keys = re.findall(r"^ +(?:restore-)?keys?: (.+)$", text, re.MULTILINE)
    assert len(keys) > 3
    for name in re.findall(r"matrix\.([\w-]+)", "".join(keys)):
        values = re.findall(rf"\b{name}: (\[.*?\]|[^,\n]+)", text)
        assert len(values) > 1
        assert not any('"' in value for value in values), name  # a list is one quoted text
    assert not any("," in re.sub(r"hashFiles\(.*?\)", "", key) for key in keys)
