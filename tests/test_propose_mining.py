"""What is mined from runs that are made up: which candidates come, and which never may."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from harness.authoring.propose.candidates import Candidate, View
from harness.authoring.propose.endings import outcome_candidates, relation_candidates
from harness.authoring.propose.orders import order_candidates, overlap_candidates
from harness.authoring.propose.sections import section_candidates
from harness.authoring.propose.values import count_candidates, numbers_text, values_candidates
from harness.language.patterns import Matcher, compile_pattern
from harness.values.finding import Line
from harness.values.program import EventSpec, Scope

EVENTS = {
    "step": "step {i:d}",
    "done": "done {n:d}",
    "enter": "{who:w} enters",
    "leave": "{who:w} leaves",
}
PATTERNS = {n: compile_pattern(EventSpec(name=n, pattern=p)) for n, p in EVENTS.items()}
MATCHER = Matcher(list(PATTERNS.values()))


def _view(*runs: str) -> View:
    return View(patterns=PATTERNS, runs=[_lines(run) for run in runs])


def _lines(run: str) -> list[Line]:
    texts = [text.strip() for text in run.split("/")]
    return [
        Line(n, text, *(MATCHER.recognise(text) or (None, ()))) for n, text in enumerate(texts, 1)
    ]


def _bodies(candidates: Iterable[Candidate], family: str) -> list[Mapping[str, object]]:
    return [each.body for each in candidates if each.family == family]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([0, 1, 2], "0..3"),
        ([1, 2, 3], "1..=3"),
        ([3, 2, 1], [3, 2, 1]),
        ([5], [5]),
        (["a", "b"], ["a", "b"]),
    ],
)
def test_numbers_are_written_as_people_write_them(values: list[int | str], text: object) -> None:
    """A run of numbers is a range, anything else a list."""
    assert text == numbers_text(values)


def test_values_in_order() -> None:
    """A field is proposed as exactly what it was."""
    bodies = _bodies(values_candidates(_view("step 0/step 1/step 2")), "values")
    assert {"of": "step.i", "are": "0..3"} in bodies
    assert {"of": "step.i", "permutation-of": "0..3"} in bodies
    assert {"of": "step.i", "increasing": True} in bodies


def test_rare_values_make_no_list() -> None:
    """What was seen only now and then is not taken for all that there can be."""
    bodies = _bodies(values_candidates(_view("step 0", "step 1")), "values")
    assert not [body for body in bodies if "among" in body]


def test_counts() -> None:
    """A number of lines that never changes is proposed, and a sum of two that do."""
    bodies = _bodies(count_candidates(_view("step 0/done 1", "done 1/done 2")), "count")
    assert {"of": ["step", "done"], "is": 2} in bodies
    assert {"of": "step", "is": 1} not in bodies


def test_an_order_that_held() -> None:
    """What came before in every run is proposed; what once came after is not."""
    bodies = _bodies(order_candidates(_view("step 0/step 1/done 1", "step 0/done 1")), "order")
    assert {"chain": ["step", "done"]} in bodies
    bodies = _bodies(order_candidates(_view("step 0/done 1", "done 1/step 0")), "order")
    assert {"chain": ["step", "done"]} not in bodies


def test_an_order_that_nothing_showed() -> None:
    """Where two events never came together nothing is said of their order."""
    assert [] == _bodies(order_candidates(_view("step 0", "done 1")), "order")


def test_an_order_for_each_key() -> None:
    """Where events interleave, they may still be in order for each who."""
    run = "a enters/b enters/a leaves/b leaves"
    bodies = _bodies(order_candidates(_view(run, run)), "order")
    assert {"chain": ["enter", "leave"], "same": "who"} in bodies


def test_chains_are_joined() -> None:
    """Three events in a row make one chain."""
    run = "step 0/a enters/done 1"
    bodies = _bodies(order_candidates(_view(run, run)), "order")
    assert {"chain": ["step", "enter", "done"]} in bodies


def test_sections() -> None:
    """How many were inside at most is proposed where more could have been."""
    run = "a enters/b enters/a leaves/b leaves/c enters/c leaves"
    candidates = list(section_candidates(_view(run)))
    section = {"enter": "enter", "leave": "leave", "who": "who"}
    bodies = _bodies(candidates, "sections")
    assert {**section, "at-most": 2} in bodies
    reached = [each for each in candidates if "reaches" in each.body]
    assert reached
    assert {Scope.SOME_RUN} == {each.scope for each in reached}


def test_a_leave_without_an_enter_makes_no_section() -> None:
    """Events of which the second once came first do not open and close anything."""
    view = _view("a enters/a leaves", "a leaves/a enters")
    assert [] == list(section_candidates(view))


def test_a_limit_that_is_hardly_ever_reached_is_none() -> None:
    """A number that came once in many runs may be exceeded in the next."""
    alone = "a enters/a leaves/b enters/b leaves/c enters/c leaves"
    both = "a enters/b enters/a leaves/b leaves/c enters/c leaves"
    bodies = _bodies(section_candidates(_view(*[alone] * 30, both)), "sections")
    assert not [body for body in bodies if "at-most" in body]


def test_relations() -> None:
    """A number that is printed once is tried against the sum of the others."""
    holds = [
        b["holds"] for b in _bodies(relation_candidates(_view("step 1/step 2/done 3")), "relation")
    ]
    assert "done.n == sum(step.i)" in holds


def test_outcomes_are_only_listed_once_all_came_often() -> None:
    """A racy number's results are proposed when each has come a few times."""
    few = _view("done 1", "done 2")
    assert [] == list(outcome_candidates(few))
    (candidate,) = outcome_candidates(_view(*["done 1", "done 2"] * 5))
    assert [1, 2] == [entry["is"] for entry in candidate.body["are"]]


def test_what_may_happen_is_of_some_run() -> None:
    """That two events interleave is never proposed of every run."""
    scopes = {each.scope for each in overlap_candidates(_view("step 0/done 1/step 1"))}
    assert {Scope.SOME_RUN} == scopes
