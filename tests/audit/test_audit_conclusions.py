"""What is concluded where luck comes in, and where only one side was looked at."""

from __future__ import annotations

from pathlib import Path

from harness.language.declarations import Spec
from harness.proof.audit.conclusions import audit_properties, find_faults, never_seen
from harness.proof.audit.results import ControlOutcome, ControlResult, Fault
from harness.values.program import Side
from tests.audit.driver import write_spec

TIMED = """\
step = "step {i:d}"

[always.in-turn]
why    = "one loop counts"
values = { of = "step.i", are = "1..=3" }

[sometimes.two-cores]
why   = "nothing holds up the other thread"
audit = "it takes an idle core"
speed = { of = "cpu/wall", at-least = 1.1 }

[sometimes.four-steps]
why   = "for the test"
audit = "for the test"
count = { of = "step", at-least = 4 }
"""
UNSEEN = [(name, Side.RUST, "none of 9 runs shows it") for name in ("two-cores", "four-steps")]


def control(spec: Spec, *named: str, broken: str) -> ControlResult:
    """A control that breaks one property, whatever it names."""
    return ControlResult(
        name="slower",
        side=Side.RUST,
        program=spec.programs[0].name,
        named=named,
        outcome=ControlOutcome.BROKEN,
        broken={broken: "not seen in 10 runs"},
    )


def test_a_busy_machine_is_no_fault_of_a_spec_that_says_so(tmp_path: Path) -> None:
    """What only idle cores can show may stay unseen; anything else may not."""
    spec = write_spec(tmp_path, TIMED)
    findings = list(never_seen(spec, UNSEEN))
    assert [(Fault.NEVER_SEEN, "four-steps")] == [(f.fault, f.subject) for f in findings]
    results = audit_properties(spec, (), (), {p.name for p in spec.properties}, dict.fromkeys(
        name for name, *_ in UNSEEN
    ))  # fmt: skip
    two_cores = next(result for result in results if result.name == "two-cores")
    assert (True, True, False) == (
        two_cores.is_unlucky, two_cores.is_explained, two_cores.is_vacuous
    )  # fmt: skip
    assert next(result for result in results if result.name == "four-steps").is_vacuous


def test_a_reason_is_stale_only_if_a_control_is_meant_to_refute_it(tmp_path: Path) -> None:
    """That a control was too slow by chance does not show that one can be written."""
    spec = write_spec(tmp_path, TIMED)
    applied = {p.name for p in spec.properties}

    def faults(*named: str) -> list[str]:
        controls = (control(spec, *named, broken="two-cores"),)
        results = audit_properties(spec, controls, (), applied)
        found = find_faults(spec, tuple(Side), controls, (), results)
        return [f.subject for f in found if f.fault is Fault.STALE_REASON]

    assert [] == faults("in-turn")
    assert ["two-cores"] == faults("two-cores")
