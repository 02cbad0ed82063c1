"""The rules by which two neighbouring statements of Rust commute: either order is the same.

One of the two does nothing that anybody else could see: it only makes
something for its own function, or it lets others go on, which cannot do so
before both are done, be it that all tasks share one thread, or that they want
the lock. There are no types here, so a rule only knows what the standard
library, tokio, rayon and crossbeam make of certain names, and holds its
tongue where the program declares such a name itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from harness.proof.mutants.mutant import swap
from harness.proof.mutants.rust_statements import Statement, binds, blocks, statements
from harness.proof.mutants.rust_tokens import RustSource, TokenKind

_OWN_ONLY = "it only makes what nobody else knows, so nobody could see when"
_OWN_COUNT = "it counts for itself, and nothing of the other statement depends on the number"
_NO_TURN = "no other task has its turn between two statements without an await"
_ALONE = "there is no other task that could have a turn meanwhile"
_UNDER_LOCK = (
    "whoever wants to see it, or is notified, needs the lock, which is free only after both"
)

_NEW = frozenset({
    "Arc", "Mutex", "RwLock", "Condvar", "Barrier", "Notify", "Semaphore", "String", "Vec",
    "AtomicBool", "AtomicU32", "AtomicU64", "AtomicUsize", "AtomicI32", "AtomicI64",
})  # fmt: skip
"""Types whose ``new`` makes something that has no effect before it is used, nor at its end."""

_CHANNELS = frozenset({
    "channel", "sync_channel", "unbounded", "bounded", "unbounded_channel",
})  # fmt: skip
_LAZY = frozenset({"par_iter", "into_par_iter"})
_WAKES = frozenset({"abort", "notify_one", "notify_waiters", "cancel", "send_replace"})
_LOOKS_WITHIN = frozenset({
    "strong_count", "weak_count", "try_unwrap", "into_inner", "Weak", "catch_unwind", "macro_rules",
    "AddAssign", "u8", "i8", "u16", "i16",
})  # fmt: skip
"""What tells how many know a thing, or what a plain step left when the next one failed."""

_MORE_THREADS = frozenset({
    "thread", "spawn_blocking", "block_in_place", "multi_thread", "new_multi_thread", "rayon",
    "LocalSet", "spawn_local",
})  # fmt: skip
_MORE_TASKS = frozenset({
    "spawn", "join", "try_join", "select", "join_all", "JoinSet", "timeout", "timeout_at", "abort",
    "now_or_never", "poll", "poll_fn", "poll_immediate", "FuturesUnordered", "buffered",
    "buffer_unordered", "zip", "merge", "race", "take_until", "take_while", "abortable", "pending",
    "sleep", "interval",
})  # fmt: skip
"""What makes a second task, or ends one in the middle."""

_LOCKED = [".", "lock", "(", ")", ".", "unwrap", "(", ")", ";"]
_FIELD = re.compile(r"\{[^{}]*\}")
_WORD = re.compile(r"[A-Za-z_]\w*")


def why_they_commute(text: str, mutated: str) -> str:
    """Why the statements that have changed places may stand in either order; empty if unknown."""
    source = RustSource(text)
    found = _find(source, mutated)
    if found is None or _words(source, 0, len(source.tokens)) & _LOOKS_WITHIN:
        return ""
    block, *both = found
    for one, other in (both, reversed(both)):
        if _is_own(source, one, other):
            return _OWN_ONLY
        if _counts(source, one, other):
            return _OWN_COUNT
        if _is_print(source, other) and _makes_ready(source, one, other):
            return _NO_TURN
        if _is_pause_alone(source, one):
            return _ALONE
        if _is_print(source, other) and _is_under_lock(source, block, one, other):
            return _UNDER_LOCK
    return ""


def _find(source: RustSource, mutated: str) -> tuple[tuple[int, int], Statement, Statement] | None:
    """The neighbours whose change of places is what was done, and their block."""
    for block in blocks(source):
        for one, other in pairwise(statements(source, block)):
            spans = (source.span(each.first, each.last) for each in (one, other))
            if swap(source.text, *spans).apply(source.text) == mutated:
                return block, one, other
    return None


# --- something of one's own -----------------------------------------------------------


def _is_own(source: RustSource, maker: Statement, other: Statement) -> bool:
    """Whether ``maker`` is a ``let`` of something new, and ``other`` has none of its names.

    Two of them would be dropped in the other order, which shows unless one is
    a plain value. A guard of the program's own may print when it is dropped:
    then ``other`` must come to its end.
    """
    if not binds(source, maker):
        return False
    names = _bound(source, maker)
    if not names or names & _all_words(source, other):
        return False
    value = (_equals(source, maker) + 1, maker.last)
    if _is_plain_value(source, *value):
        return not (binds(source, other) and _bound(source, other) & _all_words(source, maker))
    if binds(source, other) or _declares(source, other):
        return False
    if _is_new(source, *value) or _is_borrowed_row(source, *value):
        return True
    ends = _is_print(source, other) or _is_wake(source, other)
    return ends and _is_idle(source, *value)


def _equals(source: RustSource, let: Statement) -> int:
    """Where the value of a ``let`` is told from what it is bound to."""
    return next((i for i in _level(source, let) if source.at(i) == "="), let.last)


def _bound(source: RustSource, let: Statement) -> set[str]:
    """What a ``let`` binds, and the names of its type."""
    return _words(source, let.first + 1, _equals(source, let)) - {"mut"}


def _declares(source: RustSource, statement: Statement) -> bool:
    return source.at(statement.first) in {"use", "const", "static", "fn", "struct", "type"}


def _is_plain_value(source: RustSource, first: int, end: int) -> bool:
    """A number, a text or a truth value, or a borrowed name: nothing is dropped at its end."""
    if end - first == 1:
        is_literal = any(source.is_kind(first, k) for k in (TokenKind.NUMBER, TokenKind.STRING))
        return is_literal or source.at(first) in {"true", "false"}
    return end - first == 2 and source.at(first) == "&" and _is_name(source, first + 1)


def _is_new(source: RustSource, first: int, end: int) -> bool:
    """Whether it is a new thing of the library: ``Arc::new(Mutex::new(0))``, or a channel."""
    last = source.at(end - 1)
    opening = source.pair.get(end - 1, -1) if last == ")" else -1
    if opening <= first:
        return False
    if any(source.at(i) != "::" and not _is_name(source, i) for i in range(first, opening)):
        return False
    function, owner = source.at(opening - 1), source.at(opening - 3)
    if _is_declared(source, function) and function != "new":
        return False
    inside = (opening + 1, end - 1)
    is_empty = inside[0] == inside[1]
    if function == "new" and owner in _NEW and not _is_declared(source, owner):
        return is_empty or _is_plain_value(source, *inside) or _is_new(source, *inside)
    return function in _CHANNELS and (is_empty or _is_plain_value(source, *inside))


def _is_idle(source: RustSource, first: int, end: int) -> bool:
    """Whether it only makes what does something later, if at all.

    An async function's future, an iterator of rayon, a guard without fields,
    or one more handle of a channel or the like.
    """
    if end - first == 1:
        return _follows(source, "struct", source.at(first), ";")
    if _is_future(source, first, end):
        return True
    if source.at(first) == "(" and source.pair.get(first) == end - 1:
        return all(_is_future(source, *part) for part in _parts(source, first + 1, end - 1))
    rest = [source.at(i) for i in source.level(first + 1, end)]
    is_path = _is_name(source, first) and not _follows(source, "fn", "clone", "(")
    if is_path and rest == [".", "clone", "("]:
        return True
    return is_path and len(rest) == 6 and rest[1] in _LAZY and rest[2:] == ["(", ".", "map", "("]


def _is_borrowed_row(source: RustSource, first: int, end: int) -> bool:
    """``numbers.par_iter().map(square)``, which is begun where it is used, and owns nothing."""
    rest = [source.at(i) for i in source.level(first, end)]
    is_lazy = _is_name(source, first) and rest[1:] == [".", "par_iter", "(", ".", "map", "("]
    return is_lazy and not {"move"} & _words(source, first, end)


def _is_future(source: RustSource, first: int, end: int) -> bool:
    """``work("one", &bell)``, of an async function that is declared here."""
    is_call = source.at(first + 1) == "(" and source.pair.get(first + 1) == end - 1
    if not is_call or not _is_async(source, source.at(first)):
        return False
    return all(_is_argument(source, *part) for part in _parts(source, first + 2, end - 1))


def _is_argument(source: RustSource, first: int, end: int) -> bool:
    """A name, a literal, a borrowed name, or one more handle: ``x.clone()``, ``Arc::clone(&x)``."""
    if end - first == 1:
        kinds = (TokenKind.NUMBER, TokenKind.STRING, TokenKind.WORD)
        return any(source.is_kind(first, kind) for kind in kinds)
    if _is_plain_value(source, first, end):
        return True
    told = [source.at(i) for i in range(first, end)]
    return told[1:] == [".", "clone", "(", ")"] or told[:5] == ["Arc", "::", "clone", "(", "&"]


def _parts(source: RustSource, first: int, end: int) -> Iterator[tuple[int, int]]:
    """What stands between commas."""
    start = first
    for index in source.level(first, end):
        if source.at(index) == ",":
            yield start, index
            start = index + 1
    if start < end:
        yield start, end


def _counts(source: RustSource, statement: Statement, other: Statement) -> bool:
    """``running -= 1;``, of a variable that is only counted, and compared with literals.

    So it is an ``i32``, and counted by ones it has no time to overflow.
    Nobody else can look at it while this function may change it.
    """
    first = statement.first
    told = [source.at(i) for i in range(first + 1, statement.last + 1)]
    if not _is_name(source, first) or told not in (["+", "=", "1", ";"], ["-", "=", "1", ";"]):
        return False
    name = source.at(first)
    uses = [i for i in range(len(source.tokens)) if source.at(i) == name]
    is_counter = all(_is_count(source, index) for index in uses)
    words = _all_words(source, other)
    stays = binds(source, other) or words & {"return", "break", "continue", name}
    leaves = "?" in {source.at(i) for i in range(other.first, other.last + 1)}
    return is_counter and not stays and not leaves


def _is_count(source: RustSource, index: int) -> bool:
    """``let mut n = 2``, ``n > 0`` or ``n += 1``: whatever is done with it, a literal follows."""
    after = [source.at(index + 1), source.at(index + 2)]
    sign = 1 + (after[0] in {"+", "-"} and after[1] == "=")
    is_told = after[0] in {"=", "<", ">", "<=", ">=", "==", "!=", "+", "-"}
    literal = index + sign + 1
    is_plain = source.is_kind(literal, TokenKind.NUMBER) and source.at(literal).isdigit()
    ends = source.at(literal + 1) in {";", "{", ")"}
    return is_told and is_plain and ends and source.at(index - 1) not in {".", "&", "*", ":"}


# --- turns of one thread ----------------------------------------------------------------


def _has_one_thread(source: RustSource) -> bool:
    words = _words(source, 0, len(source.tokens))
    return _says_one_thread(source) and not words & _MORE_THREADS


def _says_one_thread(source: RustSource) -> bool:
    """Whether tokio is told so; in an attribute, which is no token."""
    return 'flavor = "current_thread"' in source.text or "new_current_thread" in source.text


def _makes_ready(source: RustSource, statement: Statement, other: Statement) -> bool:
    """Whether it only makes another task ready to run, by nothing that ``other`` mentions."""
    unrelated = not _all_words(source, statement) & _all_words(source, other)
    return (unrelated and _is_wake(source, statement)) or _starts_task(source, statement, other)


def _is_wake(source: RustSource, statement: Statement) -> bool:
    """``task.abort();`` and the like: it makes somebody ready, and never waits or fails."""
    told = [source.at(i) for i in range(statement.first, statement.last + 1)]
    name = told[2] if len(told) > 2 else ""
    is_call = told[1:2] == ["."] and told[3:4] == ["("] and told[-2:] == [")", ";"]
    if is_call and name in _WAKES and len(told) <= 7 and not _is_declared(source, name):
        return _has_one_thread(source)
    is_drop = told[:2] == ["drop", "("] and told[-2:] == [")", ";"]
    inside = (statement.first + 2, statement.last - 1)
    return is_drop and _is_future(source, *inside)


def _starts_task(source: RustSource, statement: Statement, other: Statement) -> bool:
    """``tasks.spawn(work(1));`` or ``let task = tokio::spawn(work(1));``."""
    first = statement.first
    if binds(source, statement):
        if source.at(first + 2) != "=" or source.at(first + 1) in _all_words(source, other):
            return False
        first += 3
    head = [source.at(i) for i in range(first, first + 4)]
    opening = first + 3
    is_spawn = head[1] in {".", "::"} and head[2:] == ["spawn", "("]
    if not is_spawn or (head[1] == "::" and head[0] != "tokio"):
        return False
    closing = source.pair.get(opening, -1)
    ends = closing == statement.last - 1
    return ends and _is_future(source, opening + 1, closing) and _has_one_thread(source)


def _is_pause_alone(source: RustSource, statement: Statement) -> bool:
    """``yield_now().await;`` where there is no task but main's, and nobody drops it half-way."""
    told = [source.at(i) for i in range(statement.first, statement.last + 1)]
    words = _words(source, 0, len(source.tokens))
    return told == ["yield_now", "(", ")", ".", "await", ";"] and not words & _MORE_TASKS


# --- under a lock -----------------------------------------------------------------------


def _is_under_lock(
    source: RustSource, block: tuple[int, int], step: Statement, other: Statement
) -> bool:
    """Whether ``step`` notifies, or changes what the lock is for, with its guard held.

    There is one kind of lock and one of condition in the program, and lock
    and condition are of the same thing, so that whoever waits needs the lock.
    """
    for guard, owner in _guards(source, block, min(step.first, other.first)):
        if _is_change_of(source, step, guard):
            return guard not in _all_words(source, other)
        if _is_notification(source, step, owner) and _has_one_condition(source):
            return True
    return False


def _guards(source: RustSource, block: tuple[int, int], end: int) -> Iterator[tuple[str, str]]:
    """The guards of this block that are bound before ``end`` and not given up, and of what."""
    inside = [s for s in statements(source, block) if s.last < end]
    for place, statement in enumerate(inside):
        told = [source.at(i) for i in range(statement.first, statement.last + 1)]
        told = [word for word in told if word != "mut"]
        if (
            told[0] == "let"
            and told[-8:] == [".", "lock", "(", ")", ".", "unwrap", "(", ")", ";"][1:]
        ):
            later = inside[place + 1 :]
            if told[2] == "=" and not any(told[1] in _given(source, each) for each in later):
                yield told[1], told[3]


def _given(source: RustSource, statement: Statement) -> set[str]:
    """The names that a statement may give away, or bind anew: all but those behind a ``*``."""
    return {
        source.at(i)
        for i in range(statement.first, statement.last + 1)
        if source.is_kind(i, TokenKind.WORD) and source.at(i - 1) != "*"
    }


def _is_change_of(source: RustSource, statement: Statement, guard: str) -> bool:
    """``*guard += 1;`` or ``*guard = true;``: counted by ones it has no time to overflow."""
    told = [source.at(i) for i in range(statement.first, statement.last + 1)]
    assigned = {("*", guard, "=", "true", ";"), ("*", guard, "=", "false", ";")}
    return tuple(told) in assigned or told == ["*", guard, "+", "=", "1", ";"]


def _is_notification(source: RustSource, statement: Statement, owner: str) -> bool:
    told = [source.at(i) for i in range(statement.first, statement.last + 1)]
    is_call = len(told) == 8 and told[1] == told[3] == "." and told[5:] == ["(", ")", ";"]
    return is_call and told[0] == owner and told[4] in {"notify_one", "notify_all"}


def _has_one_condition(source: RustSource) -> bool:
    """Whether one line makes all locks, and one all conditions."""
    if {"Default", "default", "or_default"} & _words(source, 0, len(source.tokens)):
        return False
    made = [source.at(i) for i in range(len(source.tokens)) if source.at(i + 2) == "new"]
    return made.count("Mutex") == 1 == made.count("Condvar") and not {
        "notify_one", "notify_all"
    } & {source.at(i + 1) for i in range(len(source.tokens)) if source.at(i) == "fn"}  # fmt: skip


# --- what statements are ------------------------------------------------------------------


def _is_print(source: RustSource, statement: Statement) -> bool:
    """``println!`` of a text with names in it, and of names and fields after it."""
    first = statement.first
    if [source.at(i) for i in (first, first + 1, first + 2)] != ["println", "!", "("]:
        return False
    closing = source.pair.get(first + 2, -1)
    inside = range(first + 3, closing)
    plain = (TokenKind.STRING, TokenKind.WORD, TokenKind.NUMBER)
    return closing == statement.last - 1 and all(
        any(source.is_kind(i, kind) for kind in plain) or source.at(i) in {",", "."} for i in inside
    )


def _all_words(source: RustSource, statement: Statement) -> set[str]:
    """The words of a statement, and those that its texts may capture."""
    tokens = range(statement.first, statement.last + 1)
    texts = (source.at(i) for i in tokens if source.is_kind(i, TokenKind.STRING))
    fields = (field for text in texts for field in _FIELD.findall(text))
    captured = {name for field in fields for name in _WORD.findall(field)}
    return captured | {source.at(i) for i in tokens if source.is_kind(i, TokenKind.WORD)}


def _words(source: RustSource, first: int, end: int) -> set[str]:
    """The words from token to token."""
    return {source.at(i) for i in range(first, end) if source.is_kind(i, TokenKind.WORD)}


def _level(source: RustSource, statement: Statement) -> Iterator[int]:
    return source.level(statement.first, statement.last)


def _is_name(source: RustSource, index: int) -> bool:
    return source.is_kind(index, TokenKind.WORD)


def _is_declared(source: RustSource, name: str) -> bool:
    """Whether the program declares something of that name itself."""
    declaring = {"fn", "struct", "enum", "type", "trait", "as"}
    return any(
        source.at(i) in declaring and source.at(i + 1) == name for i in range(len(source.tokens))
    )


def _is_async(source: RustSource, name: str) -> bool:
    """Whether the name is declared once, by ``async fn``, and bound by nothing else."""
    uses = [i for i in range(len(source.tokens)) if source.at(i) == name]
    declared = [i for i in uses if source.at(i - 1) == "fn"]
    bound = [i for i in uses if source.at(i - 1) in {"let", "mut", "|"} or source.at(i + 1) == ":"]
    return len(declared) == 1 and source.at(declared[0] - 2) == "async" and not bound


def _follows(source: RustSource, *words: str) -> bool:
    """Whether the words stand one after the other somewhere."""
    count = len(words)
    return any(
        all(source.at(i + k) == words[k] for k in range(count)) for i in range(len(source.tokens))
    )
