"""Two processes put together the parts of a row, and then the parts are. That
is right where the grouping does not matter, as in a sum."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial, reduce
from operator import add, concat, sub
from typing import Any

PART = 4


# 1. Fold each part in a worker, then reduce what comes of the parts
def fold(
    pool: Executor, step: Callable[[Any, Any], Any], row: Sequence[Any]
) -> Any:
    starts = range(0, len(row), PART)
    parts = [row[start : start + PART] for start in starts]
    return reduce(step, pool.map(partial(reduce, step), parts))


def main() -> None:
    numbers = range(1, 17)
    with ProcessPoolExecutor(max_workers=2) as pool:
        # 2. A sum, and a text: the grouping does not matter
        print(f"sum: {fold(pool, add, numbers)}")
        print(f"text: {fold(pool, concat, 'work in parallel')}")

        # 3. A difference: the grouping is what one gets
        print(f"one by one: {reduce(sub, numbers)}")
        print(f"in parts: {fold(pool, sub, numbers)}")


# A worker may import this file anew, and must not start workers then.
if __name__ == "__main__":
    main()
