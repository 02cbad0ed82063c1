"""Three jobs, started in four ways: one of them starts nothing.

A generator does nothing until it is read, and then one item at a time. So
jobs that are submitted in one wait for each other.
"""

from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

NAMES = ["ann", "bob", "cho"]


def count(how: str, name: str) -> int:
    print(f"{how}: {name} begins")
    print(f"{how}: {name} ends")
    return len(name)


def main() -> None:
    with ThreadPoolExecutor() as pool:
        # 1. Nobody reads it: nothing begins
        _ = (pool.submit(count, "unread", name) for name in NAMES)

        # 2. Read one by one: each begins when the one before has ended
        jobs = (pool.submit(count, "in turn", name) for name in NAMES)
        print(f"in turn: {sum(job.result() for job in jobs)} letters")

        # 3. A list holds them all: all begin before the first is asked for
        started = [pool.submit(count, "at once", name) for name in NAMES]
        print(f"at once: {sum(job.result() for job in started)} letters")

        #    The pool's own map begins them all, even if nobody reads it
        pool.map(count, repeat("pool map"), NAMES)


if __name__ == "__main__":
    main()
