"""The ways to choose, at a decision, which thread goes on.

A schedule is a string: the name of a strategy, its seed, and for the seeded ones the suffixes
`/early` and `/spurious`.  Chance comes from a generator of our own, so that a seed means the same
on every version of Python, and the program's `random` is left alone.

Rust programs have the same policy in C, `strategies.c`: of the same threads a seed chooses the same
one there and here, with the same draws in the same order.  `tests/schedules/policy.txt` holds both
to it.  What is chosen of an event loop's tasks and events has no counterpart there.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional, Sequence, Tuple, TypeVar, Union

    from .spurious import Listed, Seldom
    from .tasks import Task

    T = TypeVar("T")
    Choices = Tuple["Strategy", Union["Odds", "Steps"], Optional[Union[Seldom, Listed]]]

_MASK = (1 << 64) - 1


class Mismatch(Exception):
    """A `switch` schedule asked for a thread that could not run at that decision."""


class Asleep(Exception):
    """Whoever could go on has been tried elsewhere, in another run of a search."""


class Chance:
    """SplitMix64 (Steele, Lea and Flood, 2014): a small generator, the same everywhere."""

    __slots__ = ("_state",)

    def __init__(self, seed: int) -> None:
        self._state = (seed * 0x2545F4914F6CDD1D) & _MASK

    def bits(self) -> int:
        """Give the next 64 bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return mixed ^ (mixed >> 31)

    def below(self, limit: int) -> int:
        """Give a whole number from 0 up to, not including, `limit`.

        The lower ones are likelier by less than `limit` in 2 ** 64, which nobody will ever see.
        """
        return self.bits() % limit

    def pick(self, among: Sequence[T]) -> T:
        """Give one of `among`, each as likely."""
        return among[self.below(len(among))]


class Strategy:
    """Chooses at each decision; a decision is a point at which more than one thread can run."""

    __slots__ = ()

    def choose(self, decision: int, current: Task, runnable: list[Task], mark: str) -> Task:
        """Choose one of `runnable`, at least two tasks in the order of their numbers.

        `mark` tells of `current`: `-` it could go on, `y` it gives way, `b` it waits or has
        finished.
        """
        raise NotImplementedError

    def choose_task(self, decision: int, head: Task, lanes: list[Task]) -> Task:
        """Choose one of the tasks of an event loop, of which `head` is the first in its queue."""
        return self.choose(decision, head, lanes, "-")

    def index(self, decision: int, options: int) -> int:
        """Choose one of so many things that may happen; the first takes the least."""
        raise NotImplementedError

    def joins(self, number: int) -> None:
        """A thread of that number has been made; main is the first."""

    def gives_way(self, number: int) -> None:
        """A task of an event loop has gone to the end of the queue by itself."""


class Uniform(Strategy):
    """Each runnable thread is as likely, at every decision."""

    __slots__ = ("_chance",)

    def __init__(self, chance: Chance) -> None:
        self._chance = chance

    def choose(self, decision: int, current: Task, runnable: list[Task], mark: str) -> Task:
        """Choose evenly; a thread that gives way is not chosen again."""
        return self._chance.pick(others(current, runnable) if mark == "y" else runnable)

    def index(self, decision: int, options: int) -> int:
        """Choose evenly."""
        return self._chance.below(options)


class Sticky(Strategy):
    """Mostly stays with the current thread: long stretches, few switches."""

    __slots__ = ("_chance", "_one_in")

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._one_in = 2 << chance.below(5)
        """At one decision in so many it does not stay; no odds suit every program."""

    def choose(self, decision: int, current: Task, runnable: list[Task], mark: str) -> Task:
        """Stay where that is possible, but at some decisions; there, choose evenly."""
        stays = mark == "-" and current in runnable
        if stays and self._chance.below(self._one_in):
            return current
        return self._chance.pick(others(current, runnable) if mark == "y" else runnable)

    def index(self, decision: int, options: int) -> int:
        """Choose the first, but seldom; then evenly."""
        return _seldom_another(self._chance, options)


class Priorities(Strategy):
    """PCT (Burckhardt and others, 2010): the highest random priority runs.

    At `depth` - 1 decisions, drawn beforehand, the current thread's priority is lowered.
    A bug that needs `depth` ordering constraints among n threads and k decisions is found with
    probability at least 1 / (n * k ** (depth - 1)).  A thread that gives way sinks below all
    others.
    """

    __slots__ = ("_chance", "_changes", "_depth", "_floor", "_priorities")

    def __init__(self, chance: Chance, depth: int, length: int) -> None:
        self._chance = chance
        self._depth = depth
        self._changes = {chance.below(length + 1): rank for rank in range(1, depth)}
        self._priorities: dict[int, int] = {}
        self._floor = 0

    def joins(self, number: int) -> None:
        """Draw its priority, above all to which one can be lowered."""
        self._priorities[number] = self._depth + (self._chance.bits() >> 33)

    def choose(self, decision: int, current: Task, runnable: list[Task], mark: str) -> Task:
        """Choose the highest priority, once the current thread's is lowered where due."""
        for task in runnable:
            if task.number not in self._priorities:  # one of an event loop's
                self.joins(task.number)
        if mark != "b" and decision in self._changes:
            self._priorities[current.number] = self._changes[decision]
        if mark == "y":
            self.gives_way(current.number)
        return max(runnable, key=lambda task: self._priorities[task.number])

    def index(self, decision: int, options: int) -> int:
        """Choose the first, but seldom; then evenly: what may happen has no priority."""
        return _seldom_another(self._chance, options)

    def gives_way(self, number: int) -> None:
        """It sinks below all others."""
        self._floor -= 1
        self._priorities[number] = self._floor


class Weighted(Strategy):
    """Goes by what each thread has left to do, so that long ones do not run alone at the end.

    After URW and SURW (Zhao et al., ASPLOS 2025): a thread's chance is its share of the lines that
    remain to be written, by what was told.  Half of the seeds decide at each decision; the other
    half once a line is written, so that the orders of the output are drawn evenly whatever else
    happens between two lines.  Whoever has no line left counts as if there were one: what was told
    is of another schedule's run, and need not be so in this one.
    """

    __slots__ = ("_by_line", "_chance", "_counts", "_intended")

    def __init__(self, chance: Chance, counts: Sequence[int]) -> None:
        self._chance = chance
        self._counts = counts
        self._by_line = chance.below(2) == 0
        self._intended: Optional[Task] = None

    def joins(self, number: int) -> None:
        """Draw anew: the newcomer has not been considered."""
        self._intended = None

    def choose(self, decision: int, current: Task, runnable: list[Task], mark: str) -> Task:
        """Choose by weight; by line, stay with who was chosen until that has written one."""
        stays = self._by_line and mark == "-" and current is self._intended
        if stays and not current.wrote and current in runnable:
            return current
        chosen = self._intended = self._by_weight(runnable)
        chosen.wrote = False
        return chosen

    def choose_task(self, decision: int, head: Task, lanes: list[Task]) -> Task:
        """Choose evenly: it is the threads' lines that are counted."""
        return self._chance.pick(lanes)

    def index(self, decision: int, options: int) -> int:
        """Choose evenly."""
        return self._chance.below(options)

    def _by_weight(self, runnable: list[Task]) -> Task:
        """One of the runnable, each with a chance in proportion to what it has left to do."""
        place = self._chance.below(sum(map(self._weight, runnable)))
        for task in runnable:
            place -= self._weight(task)
            if place < 0:
                return task
        raise AssertionError

    def _weight(self, task: Task) -> int:
        told = self._counts[task.number] if task.number < len(self._counts) else 1
        return max(1, told - task.events)


class Patience:
    """Sees to it that nobody starves, whatever the strategy.

    A thread grows impatient by one at each decision at which it could run and another does, and
    less so by four for each that could run when it has the turn: one that has a quarter of its
    even share stays patient.  With an impatience of `LIMIT` it is starved.  The starved are served
    in the order in which they became so: each gets the turn wherever it can run, `LIMIT` times.

    So a thread that can run again and again gets its turns, even if it can do so only between two
    holds of a lock that another takes again at once: what counts is how often it could run, not
    that it always can.  Among n threads, of whom one is about to write and the others poll, sleep
    or spin for ever, the writer has its quarter, or is starved after less than 2 * `LIMIT`
    decisions and served after at most n - 1 others: it has at least one decision in 4n, in
    stretches.  A run whose writers need k decisions ends within 4nk + (n + 2) * `LIMIT`, far below
    the bound on its steps.  The rule looks at choices alone: the same schedule gives the same run.
    A strategy that chooses by chance hardly ever starves anybody, and is not changed by it.
    """

    __slots__ = ("_left", "_missed")

    LIMIT = 1000
    _SHARE = 4

    def __init__(self) -> None:
        self._missed: dict[int, int] = {}
        self._left: dict[int, int] = {}
        """The starved, in their order: how many more turns each gets."""

    def offer(self, runnable: list[Task]) -> list[Task]:
        """Those of `runnable` among whom the strategy may choose."""
        for number in self._left:
            for task in runnable:
                if task.number == number:
                    return [task]
        return runnable

    def chose(self, chosen: Task, runnable: list[Task]) -> None:
        """Learn who was chosen of all that could run."""
        missed = self._missed
        for task in runnable:
            number = task.number
            count = missed[number] = missed.get(number, 0) + 1
            if count >= self.LIMIT and task is not chosen:
                self._left.setdefault(number, self.LIMIT)
        missed[chosen.number] = max(0, missed[chosen.number] - 1 - self._SHARE * len(runnable))
        left = self._left.get(chosen.number, 0)
        if left > 1:
            self._left[chosen.number] = left - 1
        elif left:
            del self._left[chosen.number]


class Stalls:
    """When the clock moves though somebody can run: they may be spinning until it does.

    The first time after `_FIRST` steps without its moving; who spins once will spin again, and so
    each further time after half as many, down to `_LEAST`.  When nobody could run, so that the
    clock moved by itself, there was an end to it, and it starts anew.  So a thread that spins while
    another sleeps a hundred times ends within the bound on a run's steps.
    """

    __slots__ = ("_limit", "_moved_at")

    _FIRST = 10_000
    _LEAST = 50

    def __init__(self) -> None:
        self._limit = self._FIRST
        self._moved_at = 0

    def is_stalled(self, step: int) -> bool:
        """Whether the clock is to move at this step; it does then."""
        if step - self._moved_at <= self._limit:
            return False
        self._limit = max(self._limit // 2, self._LEAST)
        self._moved_at = step
        return True

    def moved(self, step: int, idle: bool) -> None:
        """Learn that the clock moves; `idle`: nobody could run."""
        self._moved_at = step
        if idle:
            self._limit = self._FIRST


def draw_odds(chance: Chance) -> int:
    """Draw in how many steps something comes for nothing once, on average: 1, 2, 4, ... 32.

    No odds suit every program: at 1 sleeps are as good as none, at 32 they mostly hold.  Half of
    the seeds take the first: with it sleeps order nothing at all.
    """
    draw = chance.below(2 * _ODDS)
    return 1 if draw < _ODDS else 1 << (draw - _ODDS)


_ODDS = 6


class Odds:
    """Early timeouts by chance: at one step in so many, which the seed draws."""

    __slots__ = ("_chance", "_one_in")

    every_sleep = False

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._one_in = draw_odds(chance)

    def fires(self, step: int) -> bool:
        """Whether a timeout may fire at this step though somebody can run."""
        return not self._chance.below(self._one_in)


class Steps:
    """Early timeouts as listed; none, if the list is empty.  `every_sleep`: sleeps end at once."""

    __slots__ = ("_listed", "every_sleep")

    def __init__(self, listed: frozenset[int] = frozenset(), every_sleep: bool = False) -> None:
        self._listed = listed
        self.every_sleep = every_sleep

    def fires(self, step: int) -> bool:
        """Whether a timeout is to fire at this step though somebody can run."""
        return step in self._listed


class Switches(Strategy):
    """Stays on the current thread, else takes the lowest number, but where it is told."""

    __slots__ = ("_listed",)

    def __init__(self, listed: dict[int, int]) -> None:
        self._listed = listed

    def choose(self, decision: int, current: Task, runnable: list[Task], mark: str) -> Task:
        """Choose as listed; `Mismatch` if the listed thread cannot run."""
        if decision in self._listed:
            return self.named(self._listed[decision], runnable)
        if mark == "-" and current in runnable:
            return current
        return others(current, runnable)[0]

    def index(self, decision: int, options: int) -> int:
        """Choose as listed, else the first; `Mismatch` if there are not so many."""
        chosen = self._listed.get(decision, 0)
        if chosen >= options:
            raise Mismatch(chosen)
        return chosen

    @staticmethod
    def named(number: int, runnable: list[Task]) -> Task:
        """Give the task of this number; `Mismatch` if it cannot run."""
        for task in runnable:
            if task.number == number:
                return task
        raise Mismatch(number)


_ANOTHER_ONE_IN = 8


def _seldom_another(chance: Chance, options: int) -> int:
    return 0 if chance.below(_ANOTHER_ONE_IN) else chance.below(options)


def others(current: Task, runnable: list[Task]) -> list[Task]:
    """Those of `runnable`, two or more, that are not `current`."""
    return [task for task in runnable if task is not current]


def parse(text: str, *, length: int, counts: Sequence[int]) -> Choices:
    """Read a schedule; give its strategy, when timeouts fire early, and when waits end for nothing.

    `length` is the number of decisions expected, for PCT; `counts` the lines each thread writes,
    for `weighted`.  Raises ValueError for what is no schedule.
    """
    name, colon, rest = text.partition(":")
    if not colon:
        raise ValueError("schedule %r has no ':'" % text)
    if name == "switch":
        listed = _items(rest, _EARLY_ITEM)
        steps = Steps(frozenset(int(each) for each in listed if each != "*"), "*" in listed)
        return Switches(_pairs(_items(rest, ""))), steps, _listed(_items(rest, _SPURIOUS_ITEM))
    seed_text, *suffixes = rest.split("/")
    if suffixes not in ([], ["early"], ["spurious"], ["early", "spurious"]):
        raise ValueError("schedule %r ends in no seed, '/early' or '/spurious'" % text)
    chance = Chance(int(seed_text))
    strategy = _seeded(name, chance, length, counts)
    early = Odds(chance) if "early" in suffixes else Steps()
    return strategy, early, _seldom(chance) if "spurious" in suffixes else None


def _seeded(name: str, chance: Chance, length: int, counts: Sequence[int]) -> Strategy:
    """The strategy of that name; raises ValueError for one that is not known."""
    if name == "random":
        return Uniform(chance)
    if name == "sticky":
        return Sticky(chance)
    if name == "weighted":
        return Weighted(chance, counts)
    if name.startswith("pct") and name[3:].isdigit() and int(name[3:]) > 0:
        return Priorities(chance, int(name[3:]), length)
    raise ValueError("no strategy %r" % name)


_EARLY_ITEM = "early@"
_SPURIOUS_ITEM = "spurious@"


def _listed(items: list[str]) -> Optional[Listed]:
    """Waits that end for nothing as listed; None: none does, and nothing is imported for it."""
    if not items:
        return None
    from .spurious import Listed

    return Listed(_pairs(items))


def _seldom(chance: Chance) -> Seldom:
    from .spurious import Seldom

    return Seldom(chance)


def _items(text: str, prefix: str) -> list[str]:
    """The items of a list that begin with `prefix` (none: those without an `@`), without it."""
    items = [item for item in text.split(",") if item]
    if not prefix:
        return [item for item in items if "@" not in item]
    return [item[len(prefix) :] for item in items if item.startswith(prefix)]


def _pairs(items: list[str]) -> dict[int, int]:
    """Read the `N>T` of a list: at decision or step N, thread T."""
    pairs = [item.split(">") for item in items]
    return {int(number): int(thread) for number, thread in pairs}
