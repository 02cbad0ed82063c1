"""What is said of a spec's names is said of the lines that they stand for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.language.declarations import Spec
from harness.site.data import PageData, gather
from harness.site.markup import claim
from harness.site.plain import Lines, filled, numbers_told
from harness.site.texts import read_translations
from harness.site.views.truth import TELLING, most_telling_first, property_views
from harness.site.words import words_of
from harness.values.messages import say
from harness.values.program import Scope
from tests.claiming import claims_of
from tests.site.sample import sample_state

LINES = Lines(
    patterns={"made": "worker {who} made update {i}", "total": "total: {value}"},
    fields=frozenset(("who", "i", "value")),
)
ENGLISH = words_of("en")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("made", "worker {who} made update {i}"),
        ("made[who=2]", "worker 2 made update {i}"),
        ("made[who=2,i=1]", "worker 2 made update 1"),
        ("made.i", ""),
        ("nothing", ""),
        ("python 3.11", ""),
    ],
)
def test_a_name_stands_for_its_line(name: str, line: str) -> None:
    """Fields that it fixes are filled in; what is no name stands for nothing."""
    assert line == LINES.line(name)


def test_a_finding_shows_the_lines_that_it_is_about() -> None:
    """In the place of their names, and as code though a report has none there."""
    message = say("order.broken", before=("total",), after=("made[i=3]",), where="")
    told = ENGLISH.messages.render(LINES.told(message))
    assert told == "`worker {who} made update 3` comes before `total: {value}`"


def test_a_value_that_is_called_like_an_event_stays() -> None:
    """A name is one in the arguments that name lines only."""
    message = say("values.wrong", of="total.value", value="made")
    told = ENGLISH.messages.render(LINES.told(message))
    assert told == "`{value}` in `total: {value}` is made, where it cannot be"


def test_an_expression_is_told_in_words() -> None:
    """Its terms are what the lines hold; its signs are those of books."""
    told = ENGLISH.messages.render(
        LINES.expression("total.value == count(made) and total.value <= 6")
    )
    assert told == (
        "`{value}` in `total: {value}` = the number of `worker {who} made update {i}` lines"
        " and `{value}` in `total: {value}` ≤ 6"
    )


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        (
            "total.value >= 2 and total.value < count(made)",
            (
                "in `total: {value}`, `{value}` ≥ 2 and `{value}` < the number of"
                " `worker {who} made update {i}` lines"
            ),
        ),
        ("count(total) == 1", "there is exactly 1 `total: {value}` line"),
        ("count(made) == 3", "there are exactly 3 `worker {who} made update {i}` lines"),
        (
            "count(total) == 1 and count(made[who=2]) == 1 and total.value == 1",
            (
                "each of the lines `total: {value}` and `worker 2 made update {i}` comes exactly"
                " once and in `total: {value}`, `{value}` = 1"
            ),
        ),
        (
            "count(made[who=1]) == 0 and count(total) == count(made[who=2])",
            (
                "there are no `worker 1 made update {i}` lines and"
                " there are as many `total: {value}` lines as `worker 2 made update {i}` lines"
            ),
        ),
        (
            "max(made.i) > 2",
            "the largest `{i}` of all `worker {who} made update {i}` lines > 2",
        ),
        (
            "total.value == made.i or total.value == 2",
            (
                "`{value}` in `total: {value}` = `{i}` in `worker {who} made update {i}`"
                " or `{value}` in `total: {value}` = 2"
            ),
        ),
    ],
)
def test_a_relation_names_each_line_once(expression: str, told: str) -> None:
    """How often lines come is said in a sentence, what is in a line after that line."""
    assert ENGLISH.messages.render(LINES.relation(expression)) == told


def test_a_line_that_is_always_the_same_is_not_said_to_be_every_one() -> None:
    """Of an order: a line with fields in it stands for all that have its form."""
    first = say("order.every", before=("made",), after=("made[who=2,i=1]",))
    then = say("order.every-then", before=("made[who=2,i=1]",), after=("made", "total"))
    message = say("order.chain", links=(first, then), each="")
    assert ENGLISH.messages.render(LINES.told(message)) == (
        "every `worker {who} made update {i}` line comes before `worker 2 made update 1`,"
        " and that before every `worker {who} made update {i}` or `total: {value}` line"
    )


@pytest.mark.parametrize(
    ("numbers", "told"), [("0..10", "0 to 9"), ("1..=3", "1 to 3"), ("[1, 2]", "1, 2")]
)
def test_a_range_is_told_to_its_last_number(numbers: str, told: str) -> None:
    """Whatever way the spec writes it."""
    message = say("values.are", of="total.value", numbers=numbers, each="")
    said = ENGLISH.messages.render(LINES.told(message)) or ""
    assert said.endswith(f"with `{{value}}` = {told}, in this order")
    assert numbers_told("[[1, 2]]") == "[[1, 2]]"


def test_a_page_sets_fields_apart_and_leads_errors_to_their_index() -> None:
    """Everything is escaped; code that only looks like an error is left alone."""
    assert claim("`a {i} <b>` E0373") == (
        "<code>a <var>i</var> &lt;b&gt;</code> "
        '<a href="https://doc.rust-lang.org/error_codes/E0373.html">E0373</a>'
    )
    assert claim("`E0373`") == "<code>E0373</code>"
    assert filled("{who:w} has {n:d}", {"n": "3"}) == "{who} has 3"


_SPEC = """
[events]
made = "made {i:d}"
total = "total: {value:d}"
[always.first]
why = "w"
values = { of = "made.i", are = "1..=3" }
[always.second]
why = "w"
order = { chain = ["made", "total"] }
[sometimes.third]
why = "w"
relation = { holds = "total.value < count(made)" }
[always.fourth]
why = "w"
outcomes = { of = "total.value", are = [
    { is = 3, acceptable = "a" }, { is = "1..=2", interesting = "b" },
] }
[guess.g]
guess = "g"
truth = "t"
by = "second"
"""


def test_the_most_telling_sentence_comes_first() -> None:
    """What a guess is wrong about, then what can come out, then what is about single lines."""
    spec = claims_of(_SPEC).spec
    assert [p.name for p in most_telling_first(spec)] == ["second", "fourth", "third", "first"]
    assert {p.scope for p in spec.properties} == set(Scope)


def test_a_family_that_the_pages_do_not_know_comes_last() -> None:
    """Whoever adds a family need not say how telling it is."""
    spec = claims_of(_SPEC).spec
    first, *others = spec.properties
    unheard = replace(first, name="new", family="unheard")
    told = most_telling_first(replace(spec, properties=(unheard, *others)))
    assert told[-1].name == "new"


def test_what_did_not_hold_is_never_folded(specs: tuple[Spec, ...], tmp_path: Path) -> None:
    """Beyond the first few sentences a page folds those that held, and those alone."""
    sample_state(tmp_path, specs)
    data = next(page for page in gather(specs, tmp_path) if page.spec.name == "join")
    data = replace(data, spec=replace(data.spec, properties=data.spec.properties[:TELLING]))
    last = most_telling_first(data.spec)[-1].name
    assert len(data.spec.properties) == TELLING
    seen = replace(data.seen[0], total=replace(data.seen[0].total, broke={last: 1}))
    assert not _is_folded(replace(data, seen=(seen,)), last)
    more = replace(data.spec, properties=data.spec.properties * 2)
    assert _is_folded(replace(data, spec=more), last)
    assert not _is_folded(replace(data, spec=more, seen=(seen,)), last)


def _is_folded(data: PageData, name: str) -> bool:
    """Whether the page folds the last sentence of that name."""
    views = property_views(data, ENGLISH.about(data.spec), read_translations(data.spec))
    return [view.is_folded for view in views if view.name == name][-1]
