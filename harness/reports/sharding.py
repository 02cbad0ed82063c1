"""Dividing a corpus into shards: by measured time where an earlier report tells it, else evenly.

Every machine that is given the same examples, the same times and the same
count divides them alike, so that the shards together are the whole.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from statistics import median

from harness.values.errors import UsageError
from harness.values.report import Shard

MOST_SHARDS = 999_999
_MOST_NAMED = 20
"""Of the shards that are missing, so many are named."""

_SHARD = re.compile(r"([1-9]\d{0,5})/([1-9]\d{0,5})")


def parse_shard(text: str) -> Shard:
    """The shard that ``2/5`` means; raises UsageError for what is none."""
    found = _SHARD.fullmatch(text)
    if found is None or int(found[1]) > int(found[2]):
        raise UsageError(f'expected a shard such as 2/5 (the second of five), found "{text}"')
    return Shard(index=int(found[1]), count=int(found[2]))


def divide(
    names: Iterable[str], count: int, seconds: Mapping[str, float] | None = None
) -> tuple[tuple[str, ...], ...]:
    """The names in ``count`` parts that take about as long, each part sorted.

    The longest come first, each into the part that has least to do (Graham's
    LPT rule, 1969: no part takes more than 4/3 of the best). What was never
    measured counts as the median of what was.
    """
    known = seconds or {}
    usual = median(known.values()) if known else 1.0
    weights = {name: known.get(name, usual) for name in names}
    loads = [(0.0, 0, index) for index in range(count)]
    parts: list[list[str]] = [[] for _ in range(count)]
    for name in sorted(weights, key=lambda each: (-weights[each], each)):
        load, size, index = heapq.heappop(loads)
        parts[index].append(name)
        heapq.heappush(loads, (load + weights[name], size + 1, index))
    return tuple(tuple(sorted(part)) for part in parts)


def choose_shard(
    directories: Sequence[Path],
    shard: Shard,
    seconds: Mapping[str, float] | None = None,
    *,
    under: Iterable[str] = (),
) -> tuple[tuple[Path, ...], Shard]:
    """The examples of one shard, in the order given, and the shard with its cut.

    ``under`` is what else shards must have in common to belong together: the
    toolchains.
    """
    names = {directory: f"{directory.parent.name}/{directory.name}" for directory in directories}
    parts = divide(names.values(), shard.count, seconds)
    cut = blake2b(repr((parts, tuple(under))).encode(), digest_size=8).hexdigest()
    mine = frozenset(parts[shard.index - 1])
    chosen = tuple(directory for directory, name in names.items() if name in mine)
    return chosen, Shard(index=shard.index, count=shard.count, cut=cut)


def missing_shards(shards: Iterable[Shard]) -> tuple[str, ...]:
    """Which parts of the corpora that were divided are not told of, one line for each cut."""
    cuts: dict[tuple[str, int], set[int]] = {}
    for shard in shards:
        cuts.setdefault((shard.cut, shard.count), set()).add(shard.index)
    return tuple(
        f"of the shards of cut {cut} there are {_listed(present, count)}; "
        f"missing: {_listed(set(range(1, count + 1)) - present, count)}"
        for (cut, count), present in cuts.items()
        if len(present) < count
    )


def _listed(indices: Iterable[int], count: int) -> str:
    """Shards by their names, the first few of them and how many more."""
    named = [f"{index}/{count}" for index in sorted(indices)]
    more = [f"and {len(named) - _MOST_NAMED} more"] if len(named) > _MOST_NAMED else []
    return ", ".join((*named[:_MOST_NAMED], *more))
