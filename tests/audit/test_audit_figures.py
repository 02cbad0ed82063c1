"""The figures of an audit: a stable file, and the table that is made of it."""

from __future__ import annotations

from dataclasses import replace

from harness.proof.audit.figures import figures_of, markdown_of, percent, summary_of
from harness.proof.audit.results import (
    AuditReport,
    ControlOutcome,
    ControlResult,
    ExampleAudit,
    FreedomResult,
    MutationResult,
    PropertyAudit,
)
from harness.proof.audit.text import detail_lines, example_line, finding_lines, summary_lines
from harness.reports.styled import plain
from harness.values.program import Side

CONTROL = ControlResult(
    name="join forgotten",
    side=Side.RUST,
    program="main",
    named=("joined",),
    outcome=ControlOutcome.BROKEN,
    broken={"joined": "plain: worker stops short"},
    runs=4,
)
MUTATION = MutationResult(
    name="drop worker",
    side=Side.RUST,
    program="main",
    mutants=8,
    killed=5,
    allowed={"prefix leaves it open": 2},
)
EXAMPLE = ExampleAudit(
    example="life-cycle/join",
    controls=(CONTROL,),
    mutations=(MUTATION,),
    properties=(
        PropertyAudit(name="joined", controls=("join forgotten",), mutants=5),
        PropertyAudit(name="fast", mutants=1, reason="no variant can"),
        PropertyAudit(name="elsewhere", applies=False),
    ),
    freedom=(
        FreedomResult(
            side=Side.RUST,
            program="main",
            seen=7,
            sampled=12,
            allowed="3,003",
            said="exactly 3,003",
            tried=12,
        ),
    ),
    seconds=1.25,
)
REPORT = AuditReport(examples=(EXAMPLE,), seconds=3.0, build_seconds=1.0)


def test_equivalent_mutants_do_not_count() -> None:
    """What the spec allows is no mutant, and what does not apply is no property."""
    corpus = figures_of(REPORT)["corpus"]
    assert (6, 5, 2, 1, 1) == (
        corpus["mutants"],
        corpus["mutants_killed"],
        corpus["properties"],
        corpus["properties_by_control"],
        corpus["properties_explained"],
    )


def test_what_could_not_be_audited_is_told() -> None:
    """Its number is in the figures and in the summary, and in no other number."""
    skipped = replace(CONTROL, outcome=ControlOutcome.SKIPPED, broken={})
    example = replace(EXAMPLE, controls=(CONTROL, skipped, skipped))
    figures = figures_of(replace(REPORT, examples=(example,)))
    corpus = figures["corpus"]
    assert (1, 2, 1) == (
        corpus["controls"], corpus["controls_skipped"], corpus["properties_elsewhere"],
    )  # fmt: skip
    told = " Not looked at, since they are for other toolchains only: 1 property and 2 controls."
    assert summary_of(figures).endswith(told)
    audited = replace(EXAMPLE, properties=EXAMPLE.properties[:2])
    assert "Not looked at" not in summary_of(figures_of(replace(REPORT, examples=(audited,))))


def test_times_are_no_figures() -> None:
    """The file is the same when the machine is slower."""
    slower = AuditReport(examples=REPORT.examples, seconds=99.0)
    assert figures_of(REPORT) == figures_of(slower)


def test_a_score_is_never_rounded_up_to_all() -> None:
    """100 % means all of them."""
    assert ["100 %", "99.9 %", "0.0 %", "-"] == [
        percent(3, 3),
        percent(99_999, 100_000),
        percent(0, 3),
        percent(0, 0),
    ]


def test_the_table_has_a_row_for_each_example_and_one_for_all() -> None:
    """It is made from the figures alone."""
    lines = markdown_of(figures_of(REPORT)).splitlines()
    assert [
        "| `life-cycle/join` | 1 of 1 | 1 of 2 | 1 | 5 of 6 | 2 | 83.3 % |",
        "| **all** | 1 of 1 | 1 of 2 | 1 | 5 of 6 | 2 | 83.3 % |",
    ] == lines[2:]


def test_the_terminal_tells_the_same() -> None:
    """One line for an example, and the sums at the end."""
    line = "life-cycle/join             controls 1/1, properties 1/2, traces 5/6"
    assert f"PASSED  {line}\n" == plain([example_line(EXAMPLE)])
    narrow = "life-cycle/join controls 1/1, properties 1/2, traces 5/6, 1.2 s"
    assert f"PASSED  {narrow}\n" == plain([example_line(EXAMPLE, 15)])
    assert (
        "\n1 example, all passed\n"
        "  1 of 1 control break what they name\n"
        "  1 of 2 properties are broken by a control; 1 more explained, 0 vacuous\n"
        "  5 of 6 mutated traces are refused (83.3 %); 0 more explained; 2 others\n"
        "    excused, since they say what the spec allows\n"
        "  0 of 12 legal reinterleavings refused\n"
        "  not looked at, for other toolchains or the other side only: 1 property\n"
        "  3.0 s (cargo 1.0 s)\n"
    ) == plain(summary_lines(REPORT))
    assert "" == plain(finding_lines(REPORT))


def test_the_summary_has_every_total() -> None:
    """What failed is in it as well as what did not."""
    expected = (
        "Of 1 controls, 1 break all that they name. Of 2 properties, 1 are broken by a control; "
        "of the other 1, 1 say why none can, and 0 are vacuous. Of 6 mutated traces, 5 are "
        "refused (83.3 %); 2 more are excused, since what they say is allowed. Of 12 "
        "reinterleavings that the declared order allows, 0 are refused. "
        "Not looked at, since they are for other toolchains only: 1 property."
    )
    assert expected == summary_of(figures_of(REPORT))


def test_a_reason_does_not_fill_a_vacuous_property() -> None:
    """What nothing refutes is vacuous, whatever is said of it."""
    properties = (PropertyAudit(name="empty", reason="no variant can"),)
    corpus = figures_of(AuditReport(examples=(replace(EXAMPLE, properties=properties),)))["corpus"]
    assert (0, 1) == (corpus["properties_explained"], corpus["properties_vacuous"])


def test_what_is_excused_is_listed_with_what_allows_it() -> None:
    """No mutant that was accepted goes unseen."""
    assert (
        "    excused      rust   main: 2 mutated traces: prefix leaves it open  (drop worker 2)\n"
    ) in plain(detail_lines(EXAMPLE))
