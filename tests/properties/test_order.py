"""order: which lines come before which."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language.properties.base import Facts
from tests.properties.driver import Claim, read_claim, refusal

NAMES = ("ada", "bob", "cyd", "dan", "eve")
EVENTS = "\n".join(f'{name} = "{name} {{i:d}}"' for name in NAMES)

CHAINS = st.lists(
    st.permutations(range(len(NAMES))).flatmap(
        # A chain that rises in one fixed order of the events, so that all chains agree.
        lambda order: st.integers(2, len(NAMES)).map(lambda n: sorted(order[:n]))
    ),
    min_size=1,
    max_size=3,
)
COUNTS = st.lists(st.integers(1, 3), min_size=len(NAMES), max_size=len(NAMES))


def claims_of(chains: list[list[int]], *, same: str = "") -> list[Claim]:
    """A claim for each chain of events."""
    return [
        read_claim(EVENTS, f"order = {{ chain = {[NAMES[i] for i in chain]}{same} }}")
        for chain in chains
    ]


def edges_of(chains: list[list[int]]) -> set[tuple[int, int]]:
    """Which event comes before which, directly in some chain."""
    return {(a, b) for chain in chains for k, a in enumerate(chain) for b in chain[k + 1 :]}


def extension(
    edges: set[tuple[int, int]], items: list[tuple[int, int]], chooser: random.Random
) -> list[tuple[int, int]]:
    """A linear extension of the order, chosen step by step among all that may come next.

    An item is an event and a key; only items of the same key are ordered.
    """
    left, placed = list(items), []
    while left:
        free = [
            item
            for item in left
            if not any((other[0], item[0]) in edges and other[1] == item[1] for other in left)
        ]
        item = chooser.choice(free)
        left.remove(item)
        placed.append(item)
    return placed


def transcript(items: list[tuple[int, int]]) -> str:
    """One line for each item."""
    return "".join(f"{NAMES[event]} {key}\n" for event, key in items)


@given(chains=CHAINS, counts=COUNTS, chooser=st.randoms(use_true_random=False))
def test_every_linear_extension_passes(
    chains: list[list[int]], counts: list[int], chooser: random.Random
) -> None:
    """Whatever the order leaves open may come in any way."""
    items = [(event, 0) for event, count in enumerate(counts) for _ in range(count)]
    lines = transcript(extension(edges_of(chains), items, chooser))
    assert [None] * len(chains) == [claim.violation(lines) for claim in claims_of(chains)]


@given(chains=CHAINS, counts=COUNTS, chooser=st.randoms(use_true_random=False))
def test_every_linear_extension_of_each_key_passes(
    chains: list[list[int]], counts: list[int], chooser: random.Random
) -> None:
    """With ``same``, lines of different keys may come in any way among each other."""
    items = [(event, key) for event, count in enumerate(counts) for key in range(count)]
    lines = transcript(extension(edges_of(chains), items, chooser))
    claims = claims_of(chains, same=", same = 'i'")
    assert [None] * len(chains) == [claim.violation(lines) for claim in claims]


@given(data=st.data(), chains=CHAINS, counts=COUNTS, keyed=st.booleans())
def test_a_violated_edge_is_named_with_both_lines(
    data: st.DataObject, chains: list[list[int]], counts: list[int], *, keyed: bool
) -> None:
    """A line that is moved behind one that must follow it is found, and so is the edge."""
    chooser = data.draw(st.randoms(use_true_random=False))
    before, after = data.draw(st.sampled_from(sorted(edges_of(chains))))
    key = data.draw(st.integers(0, min(counts[before], counts[after]) - 1)) if keyed else 0
    items = [(event, k if keyed else 0) for event, count in enumerate(counts) for k in range(count)]
    placed = extension(edges_of(chains), items, chooser)
    placed.remove((before, key))
    last = max(i for i, item in enumerate(placed) if item == (after, key))
    placed.insert(last + 1, (before, key))
    claims = claims_of(chains, same=", same = 'i'" if keyed else "")
    for claim, chain in zip(claims, chains, strict=True):
        if before in chain and after in chain:
            assert_names_edge(claim, placed, chain)


def assert_names_edge(claim: Claim, placed: list[tuple[int, int]], chain: list[int]) -> None:
    """The violation marks two lines of the chain, in the wrong order, of one key."""
    violation: Any = claim.violation(transcript(placed))
    assert violation is not None
    early, late = (placed[mark.line - 1] for mark in violation.marks)
    assert violation.marks[0].line < violation.marks[1].line
    assert chain.index(late[0]) < chain.index(early[0])
    assert early[1] == late[1]
    assert violation.message.startswith(f"{NAMES[early[0]]} comes before {NAMES[late[0]]}")


def test_a_moved_line_alone_names_its_own_edge() -> None:
    """With just one line out of place, the violation names just that one."""
    claim = read_claim(EVENTS, 'order = { chain = ["ada", "bob", "cyd"] }')
    violation = claim.violation("ada 1\ncyd 1\nbob 1\n")
    assert violation is not None
    assert "cyd comes before bob" == violation.message
    assert "bob before cyd" == violation.expected
    assert "cyd at line 2, bob at line 3" == violation.found


def test_an_element_may_be_a_group() -> None:
    """The lines of a group may come in any order, but all before the next element."""
    claim = read_claim(EVENTS, 'order = { chain = [["ada", "bob"], "cyd"] }')
    assert claim.violation("bob 1\nada 1\nbob 2\ncyd 1\n") is None
    violation = claim.violation("bob 1\ncyd 1\nada 1\n")
    assert violation is not None
    assert "cyd comes before ada or bob" == violation.message


def test_keys_may_be_different_fields_of_different_events() -> None:
    """``same`` may give a field for each element of the chain."""
    events = 'ask = "{who:w} asks"\nreply = "reply to {whom:w}"'
    rule = 'order = { chain = ["ask", "reply"], same = ["ask.who", "reply.whom"] }'
    claim = read_claim(events, rule)
    assert claim.violation("b asks\na asks\nreply to a\nreply to b\n") is None
    violation = claim.violation("a asks\nreply to b\nb asks\n")
    assert violation is not None
    assert "reply comes before ask for ask.who = reply.whom b" == violation.message


def test_only_the_first_lines_are_compared_when_asked() -> None:
    """With ``first``, later lines of an earlier element may come when they like."""
    claim = read_claim(EVENTS, 'order = { chain = ["ada", "bob"], first = true }')
    assert claim.violation("ada 1\nbob 1\nada 2\n") is None
    violation = claim.violation("bob 1\nada 1\n")
    assert violation is not None
    assert "bob comes before the first ada" == violation.message


def test_a_monitor_keeps_one_entry_for_each_key() -> None:
    """However many lines there are, only keys are kept."""
    claim = read_claim(EVENTS, 'order = { chain = ["ada", "bob"], same = "i" }')
    monitor: Any = claim.rule.monitor()
    lines = "".join(f"ada {i % 7}\n" for i in range(1000))
    assert claim.watch(lines, monitor, Facts()) is None
    assert 7 == len(monitor.reached)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (
            '{ chain = ["ada"] }',
            "order.chain: expected a list of two or more events, found a list",
        ),
        (
            '{ chain = ["ada", []] }',
            "order.chain: expected an event, found an empty list",
        ),
        (
            '{ chain = ["ada", "ada[i=1]"] }',
            'order.chain: "ada" and "ada[i=1]" can be the same line',
        ),
        (
            '{ chain = ["ada", "bob"], same = 3 }',
            "order.same: expected a field or one for each link, found the number 3",
        ),
        (
            '{ chain = ["ada", "bob"], same = ["ada.i"] }',
            "order.same: expected 2 fields, one for each link of the chain",
        ),
        (
            '{ chain = ["ada", "bob"], same = ["ada.i", "cyd.i"] }',
            'order.same: "cyd.i" is no field of "bob"',
        ),
        (
            '{ chain = ["ada", "say"], same = ["ada.i", "say.word"] }',
            "order.same: a number and a text are never the same",
        ),
    ],
)
def test_a_senseless_order_is_refused(rule: str, message: str) -> None:
    """A chain that repeats itself, or keys that never meet, do not load."""
    assert message == refusal(f'{EVENTS}\nsay = "say {{word:w}}"', f"order = {rule}")
