"""What only the site needs: every control at work, every compiler's words. Made once and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from harness.bench.options import Options
from harness.language.declarations import Spec
from harness.proof.audit.variants import Variant, variants_of
from harness.proof.breaking import load_broken, save_broken, try_variants
from harness.site.refusals import gather_refusals
from harness.values.toolchain import Toolchain

RUNS = 5
SCHEDULES = 40
"""Runs of a variant at most: those that the system schedules, and controlled ones."""


def gather_missing(
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    tell: Callable[[str], None],
) -> None:
    """Run the controls that were not since their example last changed, and ask the compilers."""
    tell("asking the compilers")
    gather_refusals(specs, toolchains, options)
    variants = [variant for spec in specs for variant in _missing(spec, options)]
    if variants:
        options = replace(options, runs=RUNS, schedules=SCHEDULES)
        for variant, broken in try_variants(variants, toolchains, options, tell):
            save_broken(options.state, variant.spec, [broken])


def _missing(spec: Spec, options: Options) -> list[Variant]:
    def read(path: str) -> str:
        return (spec.directory / path).read_text(encoding="utf-8")

    kept = load_broken(options.state, spec)
    return [variant for variant in variants_of(spec, read) if variant.name not in kept]
