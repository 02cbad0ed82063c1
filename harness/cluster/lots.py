"""What goes to a worker and comes back: a lot is what one worker does at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from hashlib import blake2b

from harness.bench.budget import Budget
from harness.bench.exploring import Exploration
from harness.bench.options import Options
from harness.judging.shown import Shown
from harness.record import RunRecord
from harness.schedules.search import Bound
from harness.values.finding import Finding
from harness.values.program import Side
from harness.values.report import Searched
from harness.values.toolchain import Toolchain

MOST_EXAMPLES = 16
"""Examples of one lot: they are built together, by the worker that runs them."""


class LotKind(Enum):
    """What is asked for.

    One run of each trace, where a verification begins with that; its other runs, and further ones
    for what nobody has seen yet; schedules of an exploration, or all that a systematic search asks
    for.
    """

    TRACES = "traces"
    VERIFY = "verify"
    FURTHER = "further"
    EXPLORE = "explore"
    SEARCH = "search"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some runs of one program: those of its budget from ``start`` to before ``stop``.

    ``example`` says in which corpus it lies, and where in that. ``before`` is what earlier runs
    have shown, where that decides when there have been enough. Where one run of each trace was
    made, it ``is_searched``: no schedule shows more, and its plain runs alone are left. A part
    without a program asks only how the side is built.
    """

    example: tuple[int, str]
    program: str = ""
    start: int = 0
    stop: int = 0
    before: Shown | None = None
    is_searched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Parts of work for one toolchain; it ends after ``seconds``, though something is left."""

    kind: LotKind
    toolchain: Toolchain
    parts: tuple[Part, ...]
    seconds: float = float("inf")

    @property
    def key(self) -> str:
        """What stands for the work that it is: the same in a later call for the same."""
        told = self.toolchain
        parts = [(p.example, p.program, p.start, p.stop, p.is_searched) for p in self.parts]
        text = repr((self.kind.value, told.side.value, told.label, parts))
        return blake2b(text.encode(), digest_size=12).hexdigest()

    @property
    def runs(self) -> int:
        """How many runs it is, at most."""
        return sum(part.stop - part.start for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class SideTold:
    """What a worker tells of a side as a whole: why it is skipped there, how it was built."""

    skip: str = ""
    build_findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDone:
    """What came of a part, up to before the run ``reached``.

    Of the ``asked`` runs that could be started, ``bad`` showed something. ``searched`` is what a
    search for one run of each trace came to, if that ended. ``strategies`` count the interleavings
    of an exploration, which is ``uncontrolled`` for that reason, if so.
    """

    part: Part
    side: SideTold
    reached: int = 0
    asked: int = 0
    bad: int = 0
    shown: Shown = field(default_factory=Shown)
    records: tuple[RunRecord, ...] = ()
    searched: Searched | None = None
    strategies: Mapping[str, Counter[str]] = field(default_factory=dict)
    uncontrolled: str = ""
    exploration: Exploration | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LotDone:
    """What came of a lot. ``error`` is what the user or the machine of ``worker`` has to mend.

    ``faults`` are tracebacks of ours. ``is_lost``: each worker that had it was lost.
    """

    lot: Lot
    worker: str = ""
    parts: tuple[PartDone, ...] = ()
    seconds: float = 0.0
    build_seconds: float = 0.0
    faults: tuple[str, ...] = ()
    error: str = ""
    is_lost: bool = False

    @property
    def without_records(self) -> LotDone:
        """The same, for whoever has recorded the runs."""
        return replace(self, parts=tuple(replace(part, records=()) for part in self.parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the harness, as its workers know it.

    ``corpora`` says where its corpora lie on the client, and ``digest`` what is in them. ``state``
    is where to build, if the workers are on the client's machine and it says so.
    """

    name: str
    harness: str
    corpora: tuple[str, ...]
    digest: str
    options: Options
    budget: Budget | None = None
    bound: Bound | None = None
    reduces: bool = False
    until_failure: bool = False
    serves: bool = True
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a worker has: its toolchains, and which of them a bare call there would use."""

    toolchains: tuple[Toolchain, ...] = ()
    defaults: tuple[Toolchain, ...] = ()

    def default(self, side: Side) -> Toolchain | None:
        """That of one side, if there is one."""
        return next((each for each in self.defaults if each.side is side), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One worker: how many lots it does at once, and what it has; or why it is ``refused``."""

    address: str
    threads: int = 0
    harness: str = ""
    offer: Offer = field(default_factory=Offer)
    refused: str = ""


Wanted = tuple[Toolchain, Part]


def cut(wanted: Iterable[Wanted], size: int) -> Iterator[Lot]:
    """The work in lots of about ``size`` runs, each for one toolchain, in the order of the work.

    What is longer than a lot is cut, and what is shorter goes together with its neighbours.
    """
    opened: dict[tuple[Side, str], list[Wanted]] = {}
    for toolchain, part in (each for one in wanted for each in _pieces(one, size)):
        key = (toolchain.side, toolchain.label)
        held = opened.setdefault(key, [])
        if held and not _has_room(held, part, size):
            yield _lot(held)
            held = opened[key] = []
        held.append((toolchain, part))
    yield from (_lot(held) for held in opened.values())


def _pieces(wanted: Wanted, size: int) -> Iterator[Wanted]:
    """The runs of a part in pieces; one without runs is a piece, too: its build is asked for."""
    toolchain, part = wanted
    if part.start == part.stop:
        yield wanted
    for start in range(part.start, part.stop, size):
        yield toolchain, replace(part, start=start, stop=min(part.stop, start + size))


def _has_room(held: list[Wanted], part: Part, size: int) -> bool:
    """Whether a lot that holds these may hold that one as well."""
    runs = sum(each.stop - each.start for _, each in held)
    examples = {each.example for _, each in held} | {part.example}
    return runs + part.stop - part.start <= size and len(examples) <= MOST_EXAMPLES


def _lot(held: list[Wanted]) -> Lot:
    return Lot(kind=LotKind.VERIFY, toolchain=held[0][0], parts=tuple(part for _, part in held))
