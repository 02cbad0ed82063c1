"""Traces: how bytes become lines, lines events, and torn lines whole again."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.judging.trace import Trace, line_blocks, read_trace, signature, split_lines
from harness.language.patterns import Matcher, compile_pattern
from harness.values.finding import Line
from harness.values.program import EventSpec
from tests.growth import LINEAR, growth

MATCHER = Matcher(
    [
        compile_pattern(EventSpec(name=name, pattern=text))
        for name, text in {
            "worker": "worker: {i:d}",
            "main": "main: {i:d}",
            "begin": "{who:w} begins",
            "time": "took {t:f} seconds",
            "end": "end",
        }.items()
    ]
)


def read(data: bytes) -> Trace:
    """Return the trace with torn lines mended."""
    return read_trace(data, MATCHER, mend=True)


def texts(trace: Trace) -> list[str]:
    """Return the texts of the lines."""
    return [line.text for line in trace.lines]


@pytest.mark.parametrize(
    ("data", "lines", "complete"),
    [
        (b"", [], True),
        (b"\n", [""], True),
        (b"a", ["a"], False),
        (b"a\nb\n", ["a", "b"], True),
        (b"a\n\nb", ["a", "", "b"], False),
        (b"a\r\nb\x0c\x1bc\x00\n", ["a\r", "b\x0c\x1bc\x00"], True),
        ("a\x85b\u2028c\n".encode(), ["a\x85b\u2028c"], True),
        (b"caf\xc3\xa9 \xff\xc3\n\xa9\n", ["caf\xe9 \\xff\\xc3", "\\xa9"], True),
    ],
)
def test_lines_are_split(data: bytes, lines: list[str], complete: bool) -> None:
    """Only a newline ends a line; every other byte is carried, in UTF-8 or escaped."""
    assert (lines, complete) == split_lines(data)


@given(st.binary() | st.text("a\u00e9\u20ac\n").map(str.encode), st.integers(1, 9))
def test_blocks_hold_the_same_lines(data: bytes, size: int) -> None:
    """Reading a file by blocks of any size gives the lines of the whole."""
    blocks = list(line_blocks(io.BytesIO(data), size))
    complete = blocks[-1].complete if blocks else True
    assert split_lines(data) == ([line for block in blocks for line in block.lines], complete)
    assert all(block.complete for block in blocks[:-1])


def test_a_long_line_takes_linear_time() -> None:
    """A line over very many blocks is put together once."""

    def read_one(length: int) -> None:
        [block] = line_blocks(io.BytesIO(b"x" * length), 16)
        assert (["x" * length], False) == block

    assert growth(read_one, 100_000) < LINEAR


def test_lines_become_events() -> None:
    """Each line has its number, its text, and the event and fields that it is."""
    trace = read_trace(b"worker: 1\nwhat?\ntook 0.5 seconds", MATCHER, mend=False)
    expected = Trace(
        lines=(
            Line(1, "worker: 1", "worker", (1,)),
            Line(2, "what?"),
            Line(3, "took 0.5 seconds", "time", (0.5,)),
        ),
        complete=False,
    )
    assert expected == trace


@pytest.mark.parametrize(
    ("data", "lines", "torn", "unpaid"),
    [
        (b"worker: 1main: 2\n\n", ["worker: 1", "main: 2"], 1, 0),
        (b"endendend\n\n\n", ["end"] * 3, 1, 0),
        (b"endend\nend\n\n", ["end"] * 3, 1, 0),
        (b"endend\nendend\n\n\n", ["end"] * 4, 2, 0),
        (b"endend\n", ["end"] * 2, 1, 1),
        (b"ada beginsbob begins\n\n", ["ada begins", "bob begins"], 1, 0),
        (b"endend\n\n\n", ["end", "end", ""], 1, 0),
        (b"\nendend\n\n", ["", "end", "end"], 1, 0),
        (b"endwhat?\n\n", ["endwhat?", ""], 0, 0),
        (b"endada begins\nworker: 1\n\n", ["end", "ada begins", "worker: 1"], 1, 0),
        (b"endada begins\nworker: 1\n", ["endada begins", "worker: 1"], 0, 0),
    ],
)
def test_torn_lines_are_mended(data: bytes, lines: list[str], torn: int, unpaid: int) -> None:
    """A row of events owes its newlines, and later empty lines pay no more than is owed."""
    trace = read(data)
    assert (lines, torn, unpaid) == (texts(trace), trace.torn, trace.unpaid)
    assert list(range(1, len(lines) + 1)) == [line.number for line in trace.lines]
    assert [text not in {"", "endwhat?"} for text in lines] == [
        line.event is not None for line in trace.lines
    ]


def test_torn_lines_are_left_alone_where_none_can_be() -> None:
    """Without mending, a row of events is a line that is no event, and so is an empty line."""
    trace = read_trace(b"endend\n\n", MATCHER, mend=False)
    assert ((Line(1, "endend"), Line(2, "")), 0) == (trace.lines, trace.torn)


_PRINTED = st.one_of(
    st.integers(-99, 99).map("worker: {}".format),
    st.integers(-99, 99).map("main: {}".format),
    st.sampled_from(["ada", "bob", "eve"]).map("{} begins".format),
    st.floats(0, 9).map("took {} seconds".format),
    st.just("end"),
)


@st.composite
def tearings(draw: st.DrawFn) -> tuple[list[str], bytes]:
    """Draw lines, and what the terminal shows if each print writes text and newline apart."""
    printed = draw(st.lists(_PRINTED, max_size=30))
    shown = ""
    owed = 0
    for text in printed:
        for _ in range(draw(st.integers(0, owed))):
            shown += "\n"
            owed -= 1
        shown += text
        owed += 1
    return printed, (shown + "\n" * owed).encode()


@given(tearings())
def test_any_tearing_is_mended(torn: tuple[list[str], bytes]) -> None:
    """Whatever the tearing, each event is there again, in the order in which it was written."""
    printed, data = torn
    trace = read(data)
    assert printed == texts(trace)
    assert all(line.event for line in trace.lines)
    assert 0 == trace.unpaid
    assert trace.complete


def test_what_python_itself_tears_is_mended() -> None:
    """Two threads that print without a buffer tear lines, and every one of them is found."""
    program = (
        "import sys, threading\n"
        "sys.setswitchinterval(1e-6)\n"
        "def work(who):\n"
        "    for i in range(300): print(f'{who}: {i}')\n"
        "ts = [threading.Thread(target=work, args=(w,)) for w in ('worker', 'main')]\n"
        "for t in ts: t.start()\n"
        "for t in ts: t.join()\n"
    )
    data = subprocess.run(
        [sys.executable, "-I", "-u", "-c", program], capture_output=True, check=True
    ).stdout
    trace = read(data)
    for who in ("worker", "main"):
        assert list(range(300)) == [line.fields[0] for line in trace.lines if line.event == who]
    assert (600, 0) == (len(trace.lines), trace.unpaid)


@pytest.mark.parametrize(
    "line", ["x" * 1000, "end" * 300 + "x", "worker: " * 128, "1" * 1024, "1 begins" * 5000]
)
def test_rubbish_is_given_up_soon(line: str) -> None:
    """Lines that only look torn do not hold up the reading, however many they are."""

    def read_lines(count: int) -> None:
        trace = read("".join(f"{line}{number}?\n" for number in range(count)).encode())
        assert (count, 0) == (len(trace.lines), trace.torn)

    assert growth(read_lines, 60) < LINEAR


def test_stray_empty_lines_do_not_hold_up_the_reading() -> None:
    """Looking back for a tear comes to an end, however many empty lines ask for it."""

    def read_lines(count: int) -> None:
        trace = read("".join(f"worker: {number}\n\n" for number in range(count)).encode())
        assert (2 * count, 0) == (len(trace.lines), trace.torn)

    assert growth(read_lines, 2_500) < LINEAR


def test_a_signature_tells_interleavings_apart() -> None:
    """The signature depends on order and fields, but not on measured decimal numbers."""
    one = read(b"worker: 1\nmain: 2\ntook 0.5 seconds\n").lines
    same = read(b"worker: 1\nmain: 2\ntook 0.7 seconds\n").lines
    swapped = read(b"main: 2\nworker: 1\ntook 0.5 seconds\n").lines
    other = read(b"worker: 1\nmain: 3\ntook 0.5 seconds\n").lines
    assert signature(one) == signature(same)
    assert 3 == len({signature(one), signature(swapped), signature(other)})


def test_a_signature_is_the_same_everywhere() -> None:
    """A recorded signature can be compared with one of another machine or another day."""
    assert signature(read(b"worker: 1\nwhat?\n").lines) == "d849746634386dc1"
