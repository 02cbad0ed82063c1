"""Every family's samples, as they stand on the reference page."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from harness.judging.stderr import parse_stderr
from harness.language.properties.base import Facts, Family, Sample, Told
from harness.language.properties.ending import parse_ending
from harness.language.properties.registry import FAMILIES
from harness.values.finding import Violation
from harness.values.program import Side
from harness.values.run import TimedOut
from harness.values.toolchain import Built, Refused
from tests.properties.driver import Claim, read_claim

SAMPLES = [
    pytest.param(family, sample, id=f"{name}-{number}")
    for name, family in FAMILIES.items()
    for number, sample in enumerate(family.samples)
]


def violations(family: Family, sample: Sample, transcript: str, told: Told) -> list[Violation]:
    """What the sample's rule says of a run, of a build, or of two sides."""
    claim = read_claim(sample.events, sample.rule)
    if family.name == "compile-error":
        build = Refused(diagnostics=told.errors) if told.errors else Built(command=("x",))
        return list(claim.rule.judge_build(build, sample.source))
    if family.is_pairwise:
        return list(claim.rule.across(claim.across(Side.PYTHON, [transcript], [told.rust])))
    lines = len(transcript.splitlines())
    violation = claim.violation(transcript, replace(facts_of(sample, told), lines=lines))
    return [violation] if violation else []


def facts_of(sample: Sample, told: Told) -> Facts:
    """The facts of a run of which this is told."""
    ending = TimedOut(10.0) if told.ending == "timed out" else parse_ending(told.ending)
    assert ending is not None
    return Facts(
        ending=ending,
        reports=parse_stderr(told.stderr.encode()).reports,
        cpu_seconds=told.cpu_seconds,
        wall_seconds=told.wall_seconds,
        source=sample.source,
        path=sample.path,
    )


@pytest.mark.parametrize(("family", "sample"), SAMPLES)
def test_what_a_sample_accepts_is_accepted(family: Family, sample: Sample) -> None:
    """A sample's good transcript has no violation."""
    assert [] == violations(family, sample, sample.accepted, sample.accepted_with)


@pytest.mark.parametrize(("family", "sample"), SAMPLES)
def test_what_a_sample_refuses_is_refused(family: Family, sample: Sample) -> None:
    """A sample's bad transcript has the one violation that the sample names."""
    found = violations(family, sample, sample.refused, sample.refused_with)
    assert [sample.violation] == [violation.message for violation in found]


@pytest.mark.parametrize(("family", "sample"), SAMPLES)
def test_a_violation_says_what_was_expected_and_what_was_found(
    family: Family, sample: Sample
) -> None:
    """Both sides of a violation are filled in, so that a report can set them side by side."""
    for violation in violations(family, sample, sample.refused, sample.refused_with):
        assert violation.expected
        assert violation.found


@pytest.mark.parametrize(("family", "sample"), SAMPLES)
def test_a_rule_reads_as_a_sentence(family: Family, sample: Sample) -> None:
    """A sentence starts small, has no full stop, and is not left half empty."""
    del family
    sentence = read_claim(sample.events, sample.rule).rule.sentence()
    assert sentence == sentence.strip()
    assert not sentence.endswith(".")
    assert "  " not in sentence
    assert "None" not in sentence


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_every_family_has_samples_and_names_every_key_that_it_takes(family: Family) -> None:
    """The reference page shows each family, and each of the keys of its samples."""
    assert family.samples
    assert family.summary
    known = {key.name for key in family.keys}
    for sample in family.samples:
        assert used_keys(sample) <= known


def used_keys(sample: Sample) -> set[str]:
    """The keys of the sample's own table."""
    ((_, table),) = tomllib.loads(sample.rule).items()
    return set(table)


def test_the_families_are_those_of_the_reference_page_in_its_order() -> None:
    """The registry is keyed by the words of a spec."""
    expected = [
        "count",
        "values",
        "order",
        "sections",
        "overlap",
        "relation",
        "each",
        "agreement",
        "outcomes",
        "speed",
        "ending",
        "compile-error",
        "hang",
    ]
    assert expected == list(FAMILIES)
    assert all(name == family.name for name, family in FAMILIES.items())


def test_the_driver_sees_a_claim() -> None:
    """The driver itself tells a good transcript from a bad one."""
    claim = read_claim('tick = "tick {i:d}"', 'count = { of = "tick", is = 1 }')
    assert isinstance(claim, Claim)
    assert claim.violation("tick 1\n") is None
    assert claim.violation("tick 1\ntick 2\n") is not None
