"""The figures of a trial of mutants, and what a spec may explain of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.commands.mutate import report_lines, trial_lines
from harness.language.declarations import Control, Edit, Spec, Survivor
from harness.proof.mutants import Fate, MutationReport, TriedMutant, mutants_of
from harness.proof.mutants.accepted import Accepted
from harness.proof.mutants.figures import figures_of, markdown_of, score_in, summary_of
from harness.proof.mutants.mutant import Mutant
from harness.proof.mutants.stale import stale_explanations
from harness.reports.styled import plain
from harness.values.errors import UsageError
from harness.values.program import Side
from tests.audit.driver import spec_named

FATES = (
    Fate.KILLED, Fate.KILLED, Fate.KILLED, Fate.UNKNOWN, Fate.EXPLAINED, Fate.EQUIVALENT,
    Fate.REFUSED_ALIKE,
)  # fmt: skip


@pytest.fixture
def spec() -> Spec:
    """A spec of two small programs."""
    return spec_named("sound")


@pytest.fixture
def report(spec: Spec) -> MutationReport:
    """What became of mutants of its Rust program, and of one more: one of each fate, or more."""
    mutants = sorted(mutants_of(spec), key=lambda mutant: mutant.side is not Side.RUST)
    trials = (
        TriedMutant(mutant=mutant, fate=fate, reason="so it is" if fate is Fate.EXPLAINED else "")
        for mutant, fate in zip(mutants, FATES, strict=False)
    )
    return MutationReport(trials=tuple(trials), digests={spec.id: spec.full_digest})


def _explaining(spec: Spec, mutant: Mutant, text: str = "") -> Spec:
    """The spec that accepts a variant, which comes to what the mutant comes to, or to ``text``."""
    edit = Edit(text=mutant.original, other=text or mutant.source)
    accepted = Control(
        name="as it is", side=mutant.side, breaks=(), edits=(edit,), why="a test says so"
    )
    return replace(spec, accepted=(accepted,))


def test_what_is_explained_counts_as_living(report: MutationReport) -> None:
    """An explanation kills nothing; what a rule shows to be equivalent is left out."""
    score = score_in(figures_of(report)["corpus"])
    assert (3, 5, 1, 1) == (score.killed, score.tried, score.explained, score.unexplained)


def test_the_file_names_every_mutant_that_lives(report: MutationReport) -> None:
    """With the reason where there is one, and the digest of what was tried."""
    (row,) = figures_of(report)["examples"]
    living = {trial.mutant.id: trial.reason for trial in report.trials[3:5]}
    assert (report.digests[row["example"]], living) == (row["digest"], row["living"])
    assert {"", "so it is"} == set(row["living"].values())


def test_figures_of_an_older_harness_are_refused(report: MutationReport) -> None:
    """A number that is not there is not taken for none."""
    row = figures_of(report)["corpus"]
    del row["rust"]["refused_alike"]
    with pytest.raises(UsageError, match='write them anew with "make mutants"'):
        score_in(row)


def test_times_are_no_figures(report: MutationReport) -> None:
    """The file is the same when the machine is slower."""
    assert figures_of(report) == figures_of(replace(report, seconds=99.0))


def test_the_table_has_a_row_for_each_example_and_one_for_all(report: MutationReport) -> None:
    """Both sides stand in it, apart and together."""
    row = "| 3 of 5 | 0 of 0 | 3 of 5 | 60.0 % | 1 | 1 | 1 | 1 | 0 |"
    lines = markdown_of(figures_of(report)).splitlines()
    assert [f"| `specs/sound` {row}", f"| **all** {row}"] == lines[2:]


def test_the_summary_says_what_counts(report: MutationReport) -> None:
    """Killed, explained, not explained, and what is left out."""
    assert (
        "Of 5 mutants, 3 are killed (60.0 %). Of the 2 that live, 1 are explained in their specs, "
        "1 are not. 1 more are left out because a rule shows that no run can tell them from the "
        "original, 1 because the compiler refuses them as it does the original, and 0 because they "
        "do not build."
    ) == summary_of(figures_of(report))


def test_a_variant_stands_for_the_mutant_that_comes_to_its_text(spec: Spec) -> None:
    """Comments and empty lines aside, which no run shows."""
    mutant = mutants_of(spec)[0]
    mark = "#" if mutant.side is Side.PYTHON else "//"
    spoken = f"{mark} a word\n\n{mutant.source}"
    for text in (mutant.source, spoken):
        found = Accepted(_explaining(spec, mutant, text)).of(mutant)
        assert found is not None
        assert "a test says so" == found.why
    assert None is Accepted(_explaining(spec, mutant, f"{mutant.source}\nmore")).of(mutant)


def test_an_accepted_variant_that_no_mutant_comes_to_is_stale(spec: Spec) -> None:
    """Where the program has changed, it has to go; one for a mutated trace is not ours."""
    gone = _explaining(spec, mutants_of(spec)[0], "something else")
    assert {spec.id: ("as it is: no mutant comes to that text",)} == stale_explanations([gone], ())
    traces = (Survivor(mutation="drop step", why="a test says so"),)
    assert {} == stale_explanations([replace(spec, survivors=traces)], ())


def test_an_accepted_variant_that_no_longer_fits_is_stale(spec: Spec) -> None:
    """And says why."""
    mutant = replace(mutants_of(spec)[0], original="not there")
    said = "expected 'not there' exactly once in the program, found it 0 times"
    gone = _explaining(spec, mutant)
    assert {spec.id: (f"as it is: {said}",)} == stale_explanations([gone], ())


def test_a_variant_of_another_side_is_no_explanation(spec: Spec) -> None:
    """The same text of the other program is another mutant."""
    mutant = next(mutant for mutant in mutants_of(spec) if mutant.side is Side.RUST)
    assert None is Accepted(_explaining(spec, replace(mutant, side=Side.PYTHON))).of(mutant)


@pytest.mark.parametrize(("fate", "stale"), [(Fate.KILLED, True), (Fate.EXPLAINED, False)])
def test_an_explanation_of_a_mutant_that_is_killed_is_stale(
    spec: Spec, report: MutationReport, fate: Fate, stale: bool
) -> None:
    """A mutant is explained if it lives; if it was not tried, nobody knows."""
    trial = replace(report.trials[0], fate=fate)
    explaining = _explaining(spec, trial.mutant)
    found = stale_explanations([explaining], [trial])
    assert ({spec.id: ("as it is: it is killed",)} if stale else {}) == found
    assert {} == stale_explanations([explaining], ())


def test_a_mutant_that_lives_is_shown_with_its_reason(report: MutationReport) -> None:
    """One that is killed, or shown to be equivalent, is not."""
    explained = report.trials[4].mutant
    said = plain(trial_lines(report.trials[4]))
    assert f"{explained.example} {explained.id}  lives, as is explained\n  so it is\n  ---" in said
    assert ["", ""] == [plain(trial_lines(report.trials[index])) for index in (0, 5)]


def test_the_report_ends_with_the_score(report: MutationReport) -> None:
    """Before it, stale explanations with what to do."""
    said = plain(report_lines(replace(report, stale={"a/b": ("x: it is killed",)})))
    assert "a/b: stale explanation: x: it is killed; drop it from breaks.toml" in said
    assert "3 of 5 mutants killed (60.0 %); 1 that live are explained, 1 are not, in 0 s" in said
