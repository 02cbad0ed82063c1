"""What only the site needs: what each control shows, every compiler's words. Made once and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from harness.bench.options import Options
from harness.language.declarations import Spec
from harness.language.sources import text_of
from harness.proof.audit.auditing import try_controls
from harness.proof.kept import load_broken
from harness.proof.variants import variants_of
from harness.site.refusals import gather_refusals
from harness.values.toolchain import Toolchain

RUNS = 5
SCHEDULES = 40
"""Runs of a variant at most: those that the system schedules, and controlled ones."""


def gather_missing(
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
) -> None:
    """Try the controls of which no audit has kept anything since, and ask the compilers."""
    options.progress.stage("asking the compilers")
    gather_refusals(specs, toolchains, options)
    missing = [spec for spec in specs if _lacks_some(spec, options)]
    if missing:
        options = replace(options, runs=RUNS, schedules=SCHEDULES)
        try_controls(missing, toolchains, options)


def _lacks_some(spec: Spec, options: Options) -> bool:
    """Whether a control of the example has not been tried as it is now."""
    kept = load_broken(options.state, spec)
    return any(each.name not in kept for each in variants_of(spec, partial(text_of, spec)))
