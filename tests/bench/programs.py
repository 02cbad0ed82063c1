"""The programs of ``tests/schedules`` that show what the schedulers can do.

Feature programs are correct: what they print does not depend on the schedule.
Each of the buggy ones prints ``good`` in the runs that do not show its bug,
and has a mended twin, which prints ``good`` in all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from harness.values.program import Side

PROGRAMS = Path(__file__).parents[1] / "schedules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A source file of ``tests/schedules`` and the arguments that it is started with."""

    side: Side
    file: str
    arguments: tuple[str, ...] = ()
    granularity: str = "gil"
    task_order: str = "fifo"

    @property
    def source(self) -> Path:
        """Where it is."""
        suffix = "py" if self.side is Side.PYTHON else "rs"
        return PROGRAMS / self.side.value / f"{self.file}.{suffix}"

    @property
    def name(self) -> str:
        """``features channel``."""
        return " ".join((self.file, *self.arguments))


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A correct program, what it prints, and the oldest version that has what it uses.

    ``early`` says that it does so even where timeouts fire at any time;
    ``panics``, that it writes to stderr what differs from version to version.
    """

    program: Program
    expected: str
    floor: str = "1.63"
    early: bool = True
    panics: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bug:
    """A planted bug: the program that has it."""

    name: str
    program: Program

    @property
    def mended(self) -> Program:
        """Its twin that has it not."""
        return replace(self.program, arguments=(*self.program.arguments, "fixed"))


def _rust(file: str, *arguments: str) -> Program:
    return Program(side=Side.RUST, file=file, arguments=arguments)


def _python(file: str, *arguments: str, granularity: str = "gil") -> Program:
    return Program(side=Side.PYTHON, file=file, arguments=arguments, granularity=granularity)


RUST_OUTPUT = {
    "channel": "3",
    "sync-channel": "[0, 1, 2, 3]",
    "rendezvous": "[0, 1, 2, 3]",
    "receive-timeout": "true true",
    "scope": "[2, 4, 6]",
    "condvar": "woken",
    "condvar-timeout": "true 3600",
    "rwlock": "2",
    "barrier": "1",
    "park": "unparked",
    "thread-local": "3 3",
    "poison": "true true",
    "fifty-threads": "500",
    "child-process": "free",
    "child-fed": "fed",
    "loopback": "ping",
    "socket-timeout": "WouldBlock",
    "spin": "raised",
    "spin-yield": "raised",
    "spin-lock": "done",
    "spin-clock": "over",
    "c-locks": "3 110 16 0",
    "c-condition": "1 110 16 0",
}
"""What each feature of ``features.rs`` prints."""

PYTHON_OUTPUT = {
    "queues": "[0, 1, 2]\n[0, 1, 2]\nempty after 30\nfull after 50\n",
    "simple_queue": "[0, 1, 2] True 0\nempty\nempty\nempty\n",
    "conditions": "woken\nwoken\nin time: False False\n" * 2,
    "semaphores": "most 2 left 0\nreleased too often\nFalse False\n",
    "barriers": "before before before after after after\nbroken True\n",
    "events": "False 5\nTrue 5.5\ncancelled\n",
    "pools": (
        "[0, 1, 4, 9]\n[0, 1, 4, 9]\nValueError('four')\n"
        "cannot schedule new futures after shutdown\n"
    ),
    "tasks": "[0, 1, 2]\n[0, 1, 2]\n7\n3\n",
    "locks": (
        "True False\nFalse\n2 True\nRuntimeError\nValueError\nValueError\n"
        "inside twice\ninside twice\ncannot release un-acquired lock\n"
    ),
    "lives": (
        "False\nTrue ['MainThread', 'slow']\nFalse 1\nthreads can only be started once\n"
        "cannot join thread before it is started\ncannot join current thread\n"
        "hello from greeter\n[False] main\nbare\n50\n"
    ),
    "clocks": (
        "[3600, 3600, 3600] 3600\nTrue True\n[0.1, 0.2, 0.3]\ndone\n"
        "sleep length must be non-negative\n"
    ),
    "sockets": "[b'ONE', b'TWO']\n1000000\ntimed out after 3\n[] 1\n",
}
"""What each feature program of the Python side prints."""

_ONLY_STRICT = frozenset({"receive-timeout"})
_ONLY_STRICT_PYTHON = frozenset({"events", "clocks", "sockets", "lives", "semaphores"})

RUST_FEATURES: tuple[Feature, ...] = (
    *(
        Feature(
            program=_rust("features", name),
            expected=f"{output}\n",
            early=name not in _ONLY_STRICT,
            panics=name == "poison",
        )
        for name, output in RUST_OUTPUT.items()
    ),
    Feature(program=_rust("lazies"), expected="true 1\n", floor="1.80"),
)

PYTHON_FEATURES: tuple[Feature, ...] = (
    *(
        Feature(
            program=_python(name),
            expected=output,
            floor="3.9",
            early=name not in _ONLY_STRICT_PYTHON,
        )
        for name, output in PYTHON_OUTPUT.items()
    ),
    Feature(
        program=_python("endings", "daemon"),
        expected="main done\nat exit\n",
        floor="3.9",
        early=False,
    ),
    Feature(
        program=_python("children", "subprocess"),
        expected="worker\n['_thread', 'False']\n",
        floor="3.9",
        early=False,
    ),
    Feature(program=_python("children", "process"), expected="clean\n0\n", floor="3.9"),
    Feature(program=_python("children", "pool", "fork"), expected="[0, 1, 4, 9]\n", floor="3.9"),
)

FEATURES = RUST_FEATURES + PYTHON_FEATURES

RUST_BUGS: tuple[Bug, ...] = tuple(
    Bug(name=name, program=_rust("bugs", argument))
    for name, argument in (
        ("lost update, by atomics", "lost-update"),
        ("lost update, 2 × 1", "lost-update-2x1"),
        ("lost update, 2 × 2", "lost-update-2x2"),
        ("lost update, lock released early", "lock-released-early"),
        ("check, then act", "check-then-act"),
        ("deadlock of two locks", "deadlock-2"),
        ("deadlock of three locks", "deadlock-3"),
        ("missed notification", "missed-notification"),
        ("lost wake-up, two hand-overs", "lost-wakeup"),
        ("missing join", "missing-join"),
        ("missing join, after other work", "missing-join-late"),
        ("flag raised before the data", "publication"),
        ("channel closed too early", "channel-closed-early"),
        ("barrier one short", "barrier-one-short"),
        ("an order by sleeps, behind a queue", "sleeps-behind-a-queue"),
    )
)

PYTHON_BUGS: tuple[Bug, ...] = tuple(
    Bug(name=name, program=program)
    for name, program in (
        ("lost update, by a call", _python("bug_lost_update", "call")),
        ("lost update, 2 × 1", _python("bug_lost_update", "call", "1")),
        ("lost update, 2 × 2", _python("bug_lost_update", "call", "2")),
        (
            "lost update, without the GIL only",
            _python("bug_lost_update", "plain", granularity="opcode"),
        ),
        ("lost update, lock released early", _python("bug_lock_released_early")),
        ("check, then act", _python("bug_check_then_act")),
        ("deadlock of two locks", _python("bug_deadlock", "2")),
        ("deadlock of three locks", _python("bug_deadlock", "3")),
        ("missed notification", _python("bug_missed_notify")),
        ("lost wake-up, two hand-overs", _python("bug_lost_wakeup")),
        ("missing join", _python("bug_missing_join", "0")),
        ("missing join, after other work", _python("bug_missing_join", "6")),
        ("flag raised before the data", _python("bug_publication")),
        ("channel closed too early", _python("bug_channel_closed")),
        ("barrier one short", _python("bug_barrier")),
        ("an order by sleeps, behind a queue", _python("bug_sleeps_behind_a_queue")),
    )
)

BUGS = RUST_BUGS + PYTHON_BUGS

_LATE = (
    ("two locks, beside a clock", "clock"),
    ("two locks, after other work", "locks"),
    ("a look, and then an act", "once"),
    ("closed between look and use", "close"),
    ("fewer items than were counted", "iterate"),
    ("one update that is not locked", "update"),
    ("one lock of many is another", "rounds"),
    ("flag raised before the data", "flag"),
    ("a sum in the midst of a transfer", "transfer"),
    ("told before the wait begins", "notify"),
)

LATE_BUGS: tuple[Bug, ...] = tuple(
    Bug(name=f"late: {name}", program=made("late", argument))
    for made in (_rust, _python)
    for name, argument in _LATE
)
"""Bugs of one hand-over after much that is sound."""


TASK_PROGRAMS = (
    "clients",
    "condition",
    "gather_cancel",
    "lock_order",
    "lock_order_timed",
    "lost_update",
    "lost_update_timed",
    "queue_get",
    "semaphore",
    "task_group",
    "threads",
    "two_ready",
    "wait_for",
)
"""Programs of asyncio with a planted bug; with the argument ``ok`` they have it not."""


def of_tasks(name: str, task_order: str, *arguments: str) -> Program:
    """One of these, its ready tasks taken in that order."""
    file = f"../tasks/{name}"
    return Program(side=Side.PYTHON, file=file, arguments=arguments, task_order=task_order)


def pair(side: Side, main: int, worker: int) -> Program:
    """Main prints so many lines, while a thread prints so many."""
    lines = (str(main), str(worker))
    return _python("pair", *lines) if side is Side.PYTHON else _rust("lines", *lines)
