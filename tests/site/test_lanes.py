"""A trace becomes lanes with dots, and arrows for the orders that must hold."""

from __future__ import annotations

from harness.language.declarations import Spec
from harness.site.authors import (
    Author,
    agreed_threads,
    recorded_stands,
    recorded_threads,
    supposed_authors,
)
from harness.site.lanes import COLUMN, MAX_LANES, MAX_ROWS, ROW, Stop, draw, picture
from harness.site.views.printed import tones_of
from harness.values.finding import Line


def spec_of(specs: tuple[Spec, ...], name: str) -> Spec:
    """The sample pair of that name."""
    return next(spec for spec in specs if spec.name == name)


def lines_of(*events: str) -> list[Line]:
    """A trace of these events, numbered."""
    return [Line(n, f"{event} line", event, (n,)) for n, event in enumerate(events, 1)]


def test_each_event_has_its_lane(specs: tuple[Spec, ...]) -> None:
    """Lanes come in the order in which their first lines do."""
    drawing = draw(spec_of(specs, "spawn"), "main", lines_of("worker", "main", "worker"))
    assert drawing.lanes == ("worker", "main")
    assert [dot.lane for dot in drawing.dots] == [0, 1, 0]


def test_threads_take_the_place_of_events_where_they_are_known(specs: tuple[Spec, ...]) -> None:
    """A controlled run knows which thread wrote each line."""
    authors = (Author(thread="main"), Author(thread="thread 2"))
    drawing = draw(spec_of(specs, "spawn"), "main", lines_of("main", "main"), authors=authors)
    assert (drawing.lanes, drawing.by_thread) == (("main", "thread 2"), True)


def test_a_stop_stands_between_the_lines_of_the_thread_that_was_stopped(
    specs: tuple[Spec, ...],
) -> None:
    """Before its first line and after its last there is no lane to stop."""
    authors = (
        Author(thread="main", stopped=("thread 1",)),
        Author(thread="thread 1", stopped=("main",)),
        Author(thread="main"),
        Author(thread="thread 1", stopped=("main", "thread 1", "thread 9")),
    )
    drawing = draw(spec_of(specs, "spawn"), "main", lines_of(*["main"] * 4), authors=authors)
    assert drawing.stops == (Stop(row=1, lane=0), Stop(row=3, lane=1))
    track = picture(drawing).tracks[0]
    assert track.stops == f"M7 {ROW}h12"


def test_too_many_threads_are_drawn_by_event(specs: tuple[Spec, ...]) -> None:
    """A drawing has room for some lanes only."""
    authors = tuple(Author(thread=f"thread {n}") for n in range(MAX_LANES + 1))
    lines = lines_of(*["worker"] * len(authors))
    drawing = draw(spec_of(specs, "spawn"), "main", lines, authors=authors)
    assert (drawing.lanes, drawing.by_thread, drawing.stops) == (("worker",), False, ())


def test_plain_runs_take_their_threads_from_controlled_ones() -> None:
    """Only where all of those agree, and only if every line has its thread."""
    one, two = Author(thread="main"), Author(thread="thread 1")
    threads = agreed_threads(
        [([("a", "a"), ("b", "b")], [one, two]), ([("a", "a"), ("c", "c")], [one, one]),
         ([("c", "c")], [two])]
    )  # fmt: skip
    assert threads == {("a", "a"): "main", ("b", "b"): "thread 1"}
    assert supposed_authors([("b", "b"), ("a", "a")], threads) == (two, one)
    assert supposed_authors([("a", "a"), ("c", "c")], threads) == ()


def test_an_order_is_an_arrow_from_the_last_to_the_first(specs: tuple[Spec, ...]) -> None:
    """All other pairs of the two stages follow from that one."""
    drawing = draw(spec_of(specs, "join"), "main", lines_of("worker", "worker", "main", "main"))
    assert [(a.start, a.end, a.property) for a in drawing.arrows] == [(1, 2, "join-comes-first")]


def test_an_order_that_does_not_hold_has_no_arrow(specs: tuple[Spec, ...]) -> None:
    """An arrow never points back in time."""
    drawing = draw(spec_of(specs, "join"), "main", lines_of("worker", "main", "worker"))
    assert drawing.arrows == ()


def test_a_long_trace_is_cut(specs: tuple[Spec, ...]) -> None:
    """What is left out is counted."""
    drawing = draw(spec_of(specs, "spawn"), "main", lines_of(*["worker"] * (MAX_ROWS + 5)))
    assert (len(drawing.dots), drawing.left_out) == (MAX_ROWS, 5)


def test_a_picture_has_a_row_a_line(specs: tuple[Spec, ...]) -> None:
    """Its height is that of the text beside it."""
    shown = picture(draw(spec_of(specs, "spawn"), "main", lines_of("worker", "main")))
    assert (shown.height, shown.width) == (2 * ROW, 2 * COLUMN + 8)


LOG = """schedule 2
thread 1 0 Thread-1_(work)
thread 2 0
d 0 0 1 0,1 -
o 1 2
o 2 2
w 0 join main.py:34
w 1 lock main.py:18
w 2 lock
h 0 1
h 1 2
h 2 1
n 0 0
n 1 2
n 2 2
end deadlock steps=47 decisions=28 virtual_ns=0 hash=733f3029fdb2
"""


def test_a_thread_that_prints_nothing_has_a_lane(specs: tuple[Spec, ...]) -> None:
    """Without a dot, in the place that its number gives it."""
    authors = (Author(thread="thread 2"), Author(thread="thread 1"))
    drawing = draw(
        spec_of(specs, "spawn"),
        "main",
        lines_of("main", "main"),
        authors=authors,
        threads=recorded_threads(LOG.replace(" Thread-1_(work)", "")),
    )
    assert drawing.lanes == ("main", "thread 1", "thread 2")
    assert drawing.silent == {0}


def test_a_deadlock_is_drawn_with_who_waits_for_whom(specs: tuple[Spec, ...]) -> None:
    """Below the lines each thread stands in its lane, and a curve leads to the one it waits for."""
    stands = recorded_stands(LOG, ("thread 2 waits: Mutex::lock at src/main.rs:20",))
    assert [(s.thread, s.whom, s.what, s.place) for s in stands] == [
        ("main", "Thread-1 (work)", "join", "main.py:34"),
        ("Thread-1 (work)", "thread 2", "lock", "main.py:18"),
        ("thread 2", "Thread-1 (work)", "Mutex::lock", "src/main.rs:20"),
    ]
    authors = (Author(thread="Thread-1 (work)"), Author(thread="thread 2"))
    lines = lines_of("main", "main")
    drawing = draw(
        spec_of(specs, "spawn"),
        "main",
        lines,
        authors=authors,
        threads=recorded_threads(LOG),
        stands=stands,
    )
    shown = picture(drawing)
    assert shown.height == (len(lines) + 3) * ROW
    assert len(shown.waits) == 3
    up, down = shown.waits[2], shown.waits[1]
    assert float(up.rpartition(" ")[2]) < float(down.rpartition(" ")[2])


def test_a_thread_has_one_colour_whatever_its_side_calls_it() -> None:
    """By its number; main has its own, and others what is left."""
    tones = tones_of(("Thread-2 (work)", "main", "averager", "thread 2", "Thread-1 (work)"))
    assert tones["Thread-2 (work)"] == tones["thread 2"] == 2
    assert (tones["main"], tones["Thread-1 (work)"], tones["averager"]) == (0, 1, 3)
