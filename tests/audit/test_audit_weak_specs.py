"""A corpus of weak specs, one for each kind of weakness: the audit names each."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.bench.options import Options
from harness.language.discovery import find_examples, load_all
from harness.machine.toolchains import default_python, default_rust
from harness.proof.audit import AuditReport, audit
from harness.proof.audit.results import ControlOutcome, ExampleAudit, Fault
from harness.proof.audit.text import finding_lines, note_lines
from harness.reports.styled import plain
from harness.values.program import Side
from tests.audit.driver import WEAK

BOTH = (Side.PYTHON, Side.RUST)
SURVIVORS = {
    "careless-ending": (
        "change exception message",
        "change panic message",
        "change thread",
        "change place",
    ),
    "loses-lines": ("drop step", "add one to step.i", "add much to step.i"),
    "takes-any-number": ("drop step", "double step"),
    "only-counts": (
        "add one to step.i",
        "add much to step.i",
        "confuse step.i",
        "swap step/step",
    ),
}
WEAKNESSES: dict[str, set[tuple[Fault, str]]] = {
    "sound": set(),
    "explained": set(),
    "says-why": set(),
    "vacuous": {(Fault.VACUOUS, "warned-before-done")},
    "explained-in-vain": {(Fault.VACUOUS, "warned-before-done")},
    "stale-reason": {(Fault.STALE_REASON, "done-comes-last")},
    "never-seen": {(Fault.NEVER_SEEN, "goes-farther")},
    "uncontrolled": {(Fault.UNCONTROLLED, "done-comes-last")},
    "unbroken-control": {(Fault.UNBROKEN, "two ways of saying it")},
    "other-property": {(Fault.INSTEAD, "a step too few")},
    "does-not-build": {
        (Fault.ERRORED, "no such name"),
        (Fault.ERRORED, "no such syntax"),
        (Fault.ERRORED, "no such variable"),
        (Fault.ERRORED, "no such method"),
        (Fault.ERRORED, "no such argument"),
    },
    "no-order": set(),
    "no-control": {(Fault.UNCONTROLLED_SIDE, "rust")},
    "over-tight": {(Fault.OVER_TIGHT, "same-text")},
    "stale-survivor": {(Fault.STALE, "drop step")},
    "unsound": {(Fault.UNSOUND, "in-turn")},
    **{
        name: {(Fault.SURVIVOR, mutation) for mutation in mutations}
        for name, mutations in SURVIVORS.items()
    },
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> AuditReport:
    """The audit of the whole corpus, by plain runs."""
    options = Options(runs=4, schedules=0, state=tmp_path_factory.mktemp("audit"))
    specs = load_all(find_examples((WEAK,)))
    return audit(specs, (default_python(), default_rust()), options, lambda _: None)


def example_of(report: AuditReport, name: str) -> ExampleAudit:
    """What was found of one weak spec."""
    return next(e for e in report.examples if e.example == f"specs/{name}")


@pytest.mark.parametrize("name", sorted(WEAKNESSES))
def test_each_weakness_is_named_and_nothing_else(report: AuditReport, name: str) -> None:
    """What the audit says of a weak spec is its weakness, by name, and no more."""
    findings = example_of(report, name).findings
    assert WEAKNESSES[name] == {(f.fault, f.subject) for f in findings}


def test_every_weak_spec_is_told_of() -> None:
    """No fixture lies there of which the test does not say what is weak."""
    assert set(WEAKNESSES) == {path.name for path in (WEAK / "specs").iterdir() if path.is_dir()}


def test_every_kind_of_weakness_has_a_fixture() -> None:
    """Each fault that the audit knows is shown by some fixture."""
    assert set(Fault) == {fault for weak in WEAKNESSES.values() for fault, _ in weak}


def test_a_survivor_shows_its_trace(report: AuditReport) -> None:
    """A surviving mutation is shown with the trace that was accepted, the place marked."""
    finding = next(
        f for f in example_of(report, "takes-any-number").findings if f.subject == "double step"
    )
    assert (
        "    1 │ step 1",
        "▶   2 │ step 1",
        "    3 │ step 2",
        "      ┆ 5 lines in all",
    ) == finding.details


def test_one_example_of_a_kind_is_shown(report: AuditReport) -> None:
    """Of accepted traces that were changed in the same way, the first; the others have a name."""
    told = plain(finding_lines(AuditReport(examples=(example_of(report, "loses-lines"),))))
    pieces = told.split("  specs/loses-lines (python): ")[1:]
    kinds = {piece.splitlines()[0]: "│" in piece.partition("  specs/")[0] for piece in pieces}
    assert {"drop step", "add one to step.i", "add much to step.i"} == set(kinds)
    assert kinds["drop step"]
    assert kinds["add one to step.i"] is not kinds["add much to step.i"]


def test_the_examples_own_files_stay_as_they_are(report: AuditReport) -> None:
    """Variants are made of copies: beside the examples nothing is written."""
    del report
    written = {path.name for path in (WEAK / "specs" / "sound").rglob("*") if path.is_file()}
    assert {"Cargo.toml", "breaks.toml", "example.toml", "main.py", "main.rs"} == written


def test_an_errored_control_breaks_nothing(report: AuditReport) -> None:
    """A crash is no proof, though it breaks every property on its way."""
    example = example_of(report, "does-not-build")
    crashed = next(c for c in example.controls if c.name == "no such variable")
    assert (
        ControlOutcome.ERRORED,
        "it crashes: NameError: name 'four' is not defined",
    ) == (crashed.outcome, crashed.detail)
    details = {c.name: c.detail for c in example.controls}
    assert details["no such method"].startswith("it crashes: AttributeError: 'str' object has no")
    assert details["no such argument"].endswith(
        '; if that is meant, name "quiet-stderr" among what it breaks'
    )
    in_turn = next(p for p in example.properties if p.name == "in-turn")
    assert "one step more, in Python" in in_turn.controls
    assert "no such variable" not in in_turn.controls


def test_a_survivor_that_the_spec_explains_is_counted_apart(report: AuditReport) -> None:
    """Explained survivors are no finding, and are still no kills."""
    survived = {
        (m.side, m.name): (m.survived, m.excuse)
        for m in example_of(report, "says-why").mutations
        if m.survived
    }
    reason = "how many steps there are is nobody's business here"
    assert {
        (side, name): (number, reason)
        for side in BOTH
        for name, number in (
            ("drop step", 3),
            ("add one to step.i", 1),
            ("add much to step.i", 1),
        )
    } == survived


def test_a_second_audit_writes_nothing(tmp_path: Path) -> None:
    """The copies have stable paths and are left alone where nothing has changed."""
    options = Options(runs=1, schedules=0, state=tmp_path)
    specs = load_all([WEAK / "specs" / "sound"])
    toolchains = (default_python(), default_rust())

    def written() -> dict[Path, int]:
        audit(specs, toolchains, options, lambda _: None)
        places = (tmp_path / "audit" / side.value for side in Side)
        return {p: p.stat().st_mtime_ns for place in places for p in place.rglob("*.*")}

    assert written() == written()


def test_only_what_a_run_shows_can_be_lost_in_a_mutant(report: AuditReport) -> None:
    """A some-run property that the good runs lack is not refuted by what is made of them."""
    properties = {p.name: p for p in example_of(report, "never-seen").properties}
    assert 0 == properties["goes-farther"].mutants
    assert 0 < properties["goes-far"].mutants


def test_an_order_that_is_left_open_and_never_varies_is_noted(report: AuditReport) -> None:
    """It is no fault, as other machines may show another; where it is declared, none is noted."""
    noted = example_of(report, "no-order").open_orders
    assert {(side, "step", "done") for side in BOTH} == {
        (order.side, order.earlier, order.later) for order in noted
    }
    assert () == example_of(report, "sound").open_orders
    runs = noted[0].runs
    assert (
        f"note: specs/no-order ({noted[0].side.value}):\n"
        "  the spec leaves open an order that never varied "
        f"in {runs} runs: step before done\n"
    ) in plain(note_lines(report))
