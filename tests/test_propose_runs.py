"""``harness propose`` on a pair that is built and run for real."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harness.authoring.propose import Proposed, propose
from harness.authoring.propose.gathering import Workshop, open_workshop
from harness.authoring.scaffold import scaffold
from harness.bench.options import Options
from harness.bench.verifying import verify
from harness.cli import run_command_line
from harness.language.spec import load_spec
from harness.machine.toolchains import default_python, default_rust
from harness.values.errors import ExitCode
from harness.values.program import Side
from harness.values.report import Outcome
from tests.bench.proposal_scores import compare, proposed_spec

pytestmark = pytest.mark.skipif(shutil.which("cargo") is None, reason="needs cargo")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pair in a corpus of its own."""
    return scaffold(tmp_path_factory.mktemp("propose"), "topic", "pair").directory


def _options(pair: Path) -> Options:
    return Options(runs=4, schedules=0, jobs=2, state=pair.parent.parent / "state")


@pytest.fixture(scope="module")
def proposed(pair: Path) -> Proposed:
    """What is proposed for the pair, whose spec is not looked at."""
    return propose(pair, (default_python(), default_rust()), _options(pair))


def test_all_that_a_person_wrote_is_proposed(pair: Path, proposed: Proposed) -> None:
    """The proposals have or imply every property of the spec."""
    written = load_spec(pair)
    toolchains = (default_python(), default_rust())
    workshop: Workshop = open_workshop([written], toolchains, _options(pair))
    comparison = compare(written, proposed, workshop)
    assert () == comparison.missed
    assert len(written.properties) == len(comparison.implied)


def test_proposals_are_a_spec_that_verifies(pair: Path, proposed: Proposed) -> None:
    """What is proposed can be taken as it stands, and holds."""
    spec = proposed_spec(pair, proposed)
    report = verify([spec], (default_python(), default_rust()), _options(pair), lambda _: None)
    assert [Outcome.PASSED] * 2 == [verdict.outcome for verdict in report.verdicts]


def test_what_is_implied_is_left_out(proposed: Proposed) -> None:
    """No proposal says what a stronger one has said."""
    bodies = [proposal.chosen.mined.candidate.body for proposal in proposed.made]
    assert {"of": "step.i", "are": "0..3"} in bodies
    assert not [body for body in bodies if "permutation-of" in body or "increasing" in body]


def test_proposals_are_marked(proposed: Proposed) -> None:
    """Each says what it rests on, what it would have caught, and that its reason is missing."""
    for proposal in proposed.made:
        lines = list(proposal.lines())
        assert lines[0].startswith("# proposed: ")
        assert 'why = "a proposal: ' in "\n".join(lines)
    assert "changed traces it refuses" in proposed.text


def test_patterns_are_proposed_where_there_are_none(pair: Path, tmp_path: Path) -> None:
    """A directory of two programs without a spec is given events, too."""
    bare = tmp_path / "topic" / "bare"
    shutil.copytree(pair, bare)
    (bare / "example.toml").unlink()
    proposed = propose(bare, (default_python(), default_rust()), _options(pair))
    assert 'step = "step {step:d}"' in proposed.text
    assert {"main"} == {name for each in proposed.made for name in each.programs}
    spec = proposed_spec(bare, proposed)
    assert {Side.PYTHON, Side.RUST} == {program.side for program in spec.programs}


def test_events_of_programs_that_were_changed_are_learned(pair: Path, tmp_path: Path) -> None:
    """What is no event of the spec any more is one of the proposal; what still is one is kept."""
    changed = tmp_path / "topic" / "changed"
    shutil.copytree(pair, changed)
    main = changed / "main.py"
    main.write_text(main.read_text().replace('f"steps: {made}"', 'f"made {made} in all"'))
    shutil.rmtree(changed / "src")
    (changed / "Cargo.toml").unlink()
    proposed = propose(changed, (default_python(),), _options(pair))
    assert ("total",) == proposed.stale
    assert ["made {made:d} in all"] == [event.pattern for event in proposed.events]
    assert proposed.text.startswith("# no line is one of these events any more: total\n")
    assert 'of = "step.i"' in proposed.text
    assert "total" not in proposed.text.partition("\n")[2]


def test_nothing_is_written_over(pair: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is there, such as the spec itself, is refused before anything is run."""
    spec = pair / "example.toml"
    before = spec.read_bytes()
    code = run_command_line(["propose", str(pair), "--output", str(spec)])
    assert ExitCode.USAGE == code
    assert f"harness: {spec}: is there already; name a new file\n" == capsys.readouterr().err
    assert before == spec.read_bytes()
