"""What CI services read: valid by their own schemas, and in step with the harness."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from harness.authoring.scaffold import scaffold
from harness.cli import harness
from harness.commands.reporting import outputs_of
from harness.values.program import Side
from harness.values.report import Report

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


def _step_by_step(action: Path, inputs: dict[str, str], place: Path) -> dict[str, str]:
    """Run the scripts of a composite action as GitHub's runner does; gives the outputs of the last.

    What another action would do (setting up Python) is given as its outputs.
    """
    told = YAML(typ="safe").load(action)
    files = {name: place / name for name in ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}
    environment |= {"GITHUB_ACTION_PATH": str(action.parent), "RUNNER_TEMP": str(place)}
    outputs = {"steps.python.outputs.python-path": str(_stand_in(place))}
    given = {name: str(each.get("default", "")) for name, each in told["inputs"].items()} | inputs
    outputs |= {f"inputs.{name}": value for name, value in given.items()}
    for step in (step for step in told["runs"]["steps"] if "run" in step):
        for file in files.values():
            file.write_text("")
        own = {name: _filled(str(text), outputs) for name, text in step.get("env", {}).items()}
        script = place / "script.sh"
        script.write_text(_filled(step["run"], outputs))
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=place / "work", capture_output=True, text=True, check=False,
            env=environment | {name: str(file) for name, file in files.items()} | own,
        )  # fmt: skip
        environment |= dict(line.split("=", 1) for line in files["GITHUB_ENV"].read_text().split())
        last = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().split())
    return last | {"code": str(done.returncode), "out": done.stdout + done.stderr}


def _filled(text: str, outputs: dict[str, str]) -> str:
    """With ``${{ … }}`` replaced, as the runner does before a script is started."""
    return re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda found: outputs[found[1]], text)


def _stand_in(place: Path) -> Path:
    """An interpreter that makes environments without an index: pip puts this harness there."""
    python = place / "python"
    python.write_text(
        "#!/bin/sh\n"
        'case "$1 $2" in\n'
        '"-m venv") mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;;\n'
        '"-m pip") here=$(dirname "$0")\n'
        f'  printf "#!/bin/sh\\nPYTHONPATH={ROOT} exec {sys.executable} -m harness \\"\\$@\\"\\n"'
        ' > "$here/harness"; chmod +x "$here/harness" ;;\n'
        "*) exit 9 ;;\nesac\n"
    )
    python.chmod(0o755)
    return python


@pytest.mark.parametrize(
    ("name", "code", "outputs"),
    [
        ("three-steps", "0", {"passed": "1", "failed": "0"}),
        ("no-such-name", "4", {}),
    ],
)
def test_the_action_runs_step_by_step(
    tmp_path: Path, name: str, code: str, outputs: dict[str, str]
) -> None:
    """Its scripts, with the inputs of a caller: verdict, summary and outputs are there."""
    scaffold(tmp_path / "work" / "my pairs", "basics", "three-steps", (Side.PYTHON,))
    inputs = {"select": name, "corpus": "my pairs", "runs": "2", "schedules": "0"}
    told = _step_by_step(ACTION, inputs | {"report": "out/report.json"}, tmp_path)
    assert (code, outputs) == (told["code"], {key: told[key] for key in outputs}), told["out"]
    if outputs:
        assert "three-steps" in (tmp_path / "GITHUB_STEP_SUMMARY").read_text()
        assert (tmp_path / "work" / "out" / "report.json").exists()


def test_the_action_gives_the_outputs_that_are_written() -> None:
    """Each that it declares is one of the command's, and the other way round."""
    declared = YAML(typ="safe").load(ACTION)["outputs"]
    written = [line.partition("=")[0] for line in outputs_of(Report()).splitlines()]
    assert {name: f"${{{{ steps.verify.outputs.{name} }}}}" for name in written} == {
        name: each["value"] for name, each in declared.items()
    }


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
