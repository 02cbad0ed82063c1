"""Which programs are run with which toolchains."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from harness.bench.building import Builds
from harness.bench.lab import Lab
from harness.bench.options import Options
from harness.bench.planning import Work, make_work, plan_sides
from harness.language.declarations import Spec
from harness.language.discovery import find_examples, load_all, select
from harness.machine.toolchains import caution_of, default_python
from harness.values.program import Side
from harness.values.toolchain import Toolchain

EXAMPLES = Path(__file__).parents[1] / "examples"
OPTIONS = Options(runs=2, schedules=0, sides=(Side.PYTHON,))


def spec_of(name: str) -> Spec:
    """An example of the corpus."""
    (spec,) = load_all(select(find_examples((EXAMPLES,)), (name,)))
    return spec


def work_of(spec: Spec, toolchain: Toolchain, builds: Builds) -> Work:
    """What there is to do for its Python side."""
    (plan,) = plan_sides((spec,), (toolchain,), OPTIONS)
    return make_work(plan, Lab(builds=builds), OPTIONS)


def test_a_program_that_cannot_run_here_is_left_out_and_that_is_said(tmp_path: Path) -> None:
    """What is true of it alone does not apply; what is true of another too is judged of that."""
    spec = spec_of("releasing-extension")
    pypy = replace(default_python(), implementation="PyPy")
    work = work_of(spec, pypy, Builds(rust={}, libraries=tmp_path))
    assert ["main"] == [tally.claims.program.name for tally in work.tallies]
    assert "holding.py is not run: for CPython; this is PyPy" in work.notes
    assert {"held-gil-allows-one-core"} <= work.unmet.keys()
    assert "sums-right" not in work.unmet
    assert {"main"} == {request.claims.program.name for request in work.requests}


def test_an_interpreter_that_nobody_tried_is_said_to_be_so(tmp_path: Path) -> None:
    """Every report that says what was found there says that, too."""
    newer = replace(default_python(), version="9.9.1")
    builds = Builds(rust={}, libraries=tmp_path)
    assert caution_of(newer) in work_of(spec_of("join"), newer, builds).notes
    tried = work_of(spec_of("join"), default_python(), builds)
    assert not any("newer than any" in note for note in tried.notes)


def test_where_it_can_run_it_does(tmp_path: Path) -> None:
    """The condition asks nothing of the interpreter that meets it."""
    work = work_of(
        spec_of("releasing-extension"), default_python(), Builds(rust={}, libraries=tmp_path)
    )
    assert ["main", "holding"] == [tally.claims.program.name for tally in work.tallies]
    assert not any("is not run" in note for note in work.notes)


def test_what_rests_on_processor_time_does_not_apply_where_none_is_measured() -> None:
    """No time at all would pass for a ratio that is small enough."""
    here = work_of(spec_of("contention"), replace(default_python(), has_gil=True), Builds(rust={}))
    windows = replace(default_python(), has_gil=True, os="windows")
    there = work_of(spec_of("contention"), windows, Builds(rust={}))
    reason = "needs the processor time of the process, which is not measured on Windows"
    assert reason == there.unmet["gil-allows-one-core"]
    assert "gil-allows-one-core" not in here.unmet
    (claims,) = (tally.claims for tally in there.tallies)
    assert "gil-allows-one-core" not in [prop.name for prop in claims.properties]


def test_a_program_that_needs_a_library_in_rust_is_skipped_without_a_compiler() -> None:
    """The whole side is, with the reason; nothing is planned for it."""
    work = work_of(spec_of("releasing-extension"), default_python(), Builds(rust={}))
    assert "it loads a library in Rust, and there is no compiler" == work.plan.skip
    assert [] == work.requests
    assert "" == work_of(spec_of("join"), default_python(), Builds(rust={})).plan.skip


def test_a_spec_of_the_former_form_is_said_to_be_one(tmp_path: Path) -> None:
    """It is read; whoever keeps it is told of the present one."""
    builds = Builds(rust={}, libraries=tmp_path)
    former = replace(spec_of("join"), is_former=True)
    told = [work_of(spec, default_python(), builds).notes for spec in (former, spec_of("join"))]
    assert [True, False] == [any("of the former form" in note for note in notes) for notes in told]
