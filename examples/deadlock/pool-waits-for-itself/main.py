"""A job submits another one to its own pool, and waits for its result.

The pool has one worker. It runs the job that waits, so the other job is
never begun. Stop it with Ctrl-C, twice.
"""

from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor(max_workers=1)


def part() -> int:
    print("the part is done")
    return 20


# 1. A job that waits for another job of the pool
def whole() -> int:
    print("the whole asks for its part")
    return pool.submit(part).result()


def main() -> None:
    # 2. By itself the part is done at once
    print(f"part: {pool.submit(part).result()}")

    # 3. As a part of the whole it never is
    print(f"whole: {pool.submit(whole).result()}")


if __name__ == "__main__":
    main()
