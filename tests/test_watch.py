"""Lines to monitors: who is told what, who is told no more, and what nobody expects."""

from __future__ import annotations

from harness.judging.trace import Mender
from harness.judging.watch import MAX_UNKNOWN_LINES, MAX_UNKNOWN_TEXT, UnknownLine, Watch
from harness.values.finding import Line
from harness.values.program import Side
from tests.claiming import claims_of

SPEC = """
[events]
step = "step {i:d}"
bye  = "bye"
[always.in-turn]
why    = "in turn"
values = { of = "step.i", prefix-of = "1..=3" }
[always.one-first-step]
why   = "once"
count = { of = "step[i=1]", at-most = 1 }
[always.bye]
why   = "it is polite"
programs = "python"
count = { of = "bye", is = 1 }
"""


def fed(*texts: str, side: Side = Side.RUST) -> Watch:
    """A watch that has been fed these lines."""
    claims = claims_of(SPEC, side)
    watch = Watch(claims.properties, bound=claims.bound)
    mender = Mender(claims.stdout) if side is Side.PYTHON else None
    watch.feed((texts,), claims.stdout, mender.pieces if mender else None)
    return watch


def lines_of(watch: Watch) -> dict[str, list[int]]:
    """The lines that each violation marks."""
    return {name: [m.line for m in v.marks] for name, v in watch.violations.items()}


def test_right_lines_violate_nothing() -> None:
    """Events in turn break no property, and are counted."""
    watch = fed("step 1", "step 2")
    assert ({}, 2, []) == (watch.violations, watch.lines, watch.unknown)


def test_only_the_first_violation_of_a_property_is_kept() -> None:
    """A property that is broken is watched no longer; the others are."""
    watch = fed("step 2", "step 5", "step 1", "step 1")
    assert [1] == lines_of(watch)["in-turn"]
    assert 4 == lines_of(watch)["one-first-step"][-1]


def test_a_selector_takes_only_its_lines() -> None:
    """A property of some lines of an event is not told of the others."""
    watch = fed("step 2", "step 2", "step 2")
    assert ["in-turn"] == list(watch.violations)


def test_an_event_that_is_not_bound_is_noted_once() -> None:
    """The first line of an event that this side's properties do not speak of is kept."""
    watch = fed("step 1", "bye", "bye")
    assert {"bye": 2} == watch.unbound
    assert {} == fed("step 1", "bye", side=Side.PYTHON).unbound


def test_lines_that_are_no_event_are_counted_and_a_few_kept() -> None:
    """Of many unknown lines the first few are kept, and of each no more than its start."""
    watch = fed(*["x" * 5000] * 20)
    assert (MAX_UNKNOWN_LINES, 20) == (len(watch.unknown), watch.unknown_count)
    assert UnknownLine(1, "x" * MAX_UNKNOWN_TEXT, 5000) == watch.unknown[0]


def test_numbers_go_on_from_block_to_block() -> None:
    """Lines are numbered through, however they are cut into blocks, fed or shown."""
    claims = claims_of(SPEC)
    watch = Watch(claims.properties, bound=claims.bound)
    watch.feed((["step 1"], ["step 2", "odd"]), claims.stdout, None)
    watch.feed((["odd"],), claims.stdout, None)
    watch.show([Line(1, "odd"), Line(2, "step 9", "step", (9,))])
    assert ([3, 4, 5], [6]) == ([u.number for u in watch.unknown], lines_of(watch)["in-turn"])


def test_a_torn_line_counts_as_the_lines_that_it_was_meant_to_be() -> None:
    """After a torn line and its empty line, numbers go on as if it had not been torn."""
    watch = fed("step 1step 2", "", "odd", side=Side.PYTHON)
    assert ([UnknownLine(3, "odd", 3)], 3, {}) == (watch.unknown, watch.lines, watch.violations)


def test_feeding_and_showing_are_the_same() -> None:
    """Lines that were read before make the same violations as those that are read now."""
    texts = ("step 1", "odd", "step 3", "bye")
    claims = claims_of(SPEC)
    shown = Watch(claims.properties, bound=claims.bound)
    shown.show(
        Line(number, text, *(claims.stdout.recognise(text) or (None, ())))
        for number, text in enumerate(texts, 1)
    )
    told = fed(*texts)
    assert (told.violations, told.unknown, told.unbound, told.lines) == (
        shown.violations,
        shown.unknown,
        shown.unbound,
        shown.lines,
    )
