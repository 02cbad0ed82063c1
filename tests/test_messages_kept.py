"""Messages are texts that know what they say: stored, copied and compared as texts."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from harness.record.encoding import decode_ending, encode_ending
from harness.reports.encoding import decode, encode
from harness.values.finding import Mark, Violation
from harness.values.messages import (
    Argument,
    Catalogue,
    Message,
    arguments_of,
    english,
    from_json,
    say,
    to_json,
)
from harness.values.run import Deadlocked, OverLimit, over_step_limit

LATE = say("order.too-late", before=("a", "b"))
BROKEN = say("order.broken", before=("a", "b"), after=("c",), where=say("for", key="who", value=3))


def same(one: Argument, other: Argument) -> bool:
    """Whether both say the same by the same id."""
    return bool(to_json(one) == to_json(other))


def test_a_message_is_its_english_text() -> None:
    """Nothing that takes texts needs to know of messages."""
    assert BROKEN == "c comes before a or b for who 3"
    assert {BROKEN} == {"c comes before a or b for who 3"}
    assert json.dumps([BROKEN]) == '["c comes before a or b for who 3"]'
    assert type(str(BROKEN)) is str


@pytest.mark.parametrize("copied", [copy.deepcopy(BROKEN), pickle.loads(pickle.dumps(BROKEN))])
def test_a_copy_says_the_same(copied: Message) -> None:
    """Within a process, and in another."""
    assert same(BROKEN, copied)


def test_json_holds_what_a_message_says() -> None:
    """Messages within messages, too."""
    assert same(BROKEN, from_json(json.loads(json.dumps(to_json(BROKEN)))))
    for wrong in ({"text": "t"}, {"text": 1, "id": "i", "arguments": {}}, None):
        with pytest.raises(ValueError, match="no message"):
            from_json(wrong)


def test_a_report_keeps_what_its_texts_say() -> None:
    """Beside the texts, which stay as they were for whoever reads texts."""
    violation = Violation(message=BROKEN, marks=(Mark(line=1, note=LATE),), found="3")
    data = json.loads(json.dumps(encode(violation)))
    assert (data["message"], data["found"]) == (BROKEN, "3")
    assert set(data["said"]) == {"message"}
    back = decode(Violation, data)
    assert violation == back
    assert same(violation.message, back.message)
    assert same(LATE, back.marks[0].note)
    assert type(back.found) is str


def test_a_report_without_ids_is_read_as_texts() -> None:
    """One that an older harness wrote."""
    back = decode(Violation, {"message": "m", "found": "f"})
    assert type(back.message) is str


@pytest.mark.parametrize("said", [3, {"message": 3}, {"message": [None]}, {"message": {"id": 1}}])
def test_a_report_whose_messages_are_none_is_refused(said: object) -> None:
    """With the place, as any other damage."""
    with pytest.raises(ValueError, match=r"said|dict"):
        decode(Violation, {"message": "m", "said": said})


def test_evidence_keeps_what_threads_wait_for() -> None:
    """An ending that was kept by an older harness has texts alone."""
    ending = Deadlocked((LATE, "a text"), others_went_on=True)
    back = decode_ending(encode_ending(ending))
    assert back == ending
    assert isinstance(back, Deadlocked)
    assert same(LATE, back.waiting[0])
    assert decode_ending('["Deadlocked", ["main waits"], false]') == Deadlocked(("main waits",))


def test_evidence_of_old_said_by_a_text_which_limit_it_was() -> None:
    """That is read as it was meant, and written with what it says."""
    assert decode_ending('["OverLimit", "200,000 scheduling steps"]') == over_step_limit()
    assert decode_ending('["OverLimit", "64 MiB of output"]') == OverLimit("64 MiB of output")
    assert decode_ending(encode_ending(over_step_limit())) == over_step_limit()


def test_an_unknown_message_is_rendered_as_none() -> None:
    """One of a later harness, or with other arguments: its text is all that there is."""
    assert english().render(Message("text", "no-such-id", {})) is None
    assert english().render(Message("text", "order.broken", {})) is None
    with pytest.raises(KeyError):
        say("no-such-id")


@pytest.mark.parametrize(
    ("template", "argument", "text"),
    [
        ("{x}", ("a", "b"), "ab"),
        ("{x:or}", ("a", "b", "c"), "a or b or c"),
        ("{x:series}", ("a", "b", "c"), "a, b and c"),
        ("{x:series}", ("a",), "a"),
        ("{x:code commas}", ("a", "b"), "`a`, `b`"),
        ("{x:,}", 1234, "1,234"),
        ("{x:g}", 1.50, "1.5"),
        ("{x:code !/?}", "a", "`a`!"),
        ("{x:!/?}", "", ""),
        ("{{{x}}}", 1, "{1}"),
    ],
)
def test_a_template_says_how_arguments_are_put(
    template: str, argument: Argument, text: str
) -> None:
    """Joined, as code, as a number, or with a particle."""
    joins = {known: said for known, said in english().texts.items() if known.startswith("join.")}
    catalogue = Catalogue(
        texts={"t": template, **joins}, inflect=lambda word, closed, _open: word + closed
    )
    assert text == catalogue.fill("t", {"x": argument})
    assert arguments_of(template) == {"x"}
