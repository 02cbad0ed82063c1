"""A job submits another one to its own pool, and does not wait for it.

It returns the future, and main, which is no worker of the pool, waits for
both.
"""

from concurrent.futures import Future, ThreadPoolExecutor

pool = ThreadPoolExecutor(max_workers=1)


def part() -> int:
    print("the part is done")
    return 20


# 1. A job that hands on the other job's future, and is done
def whole() -> "Future[int]":
    print("the whole asks for its part")
    return pool.submit(part)


def main() -> None:
    # 2. By itself the part is done at once
    print(f"part: {pool.submit(part).result()}")

    # 3. As a part of the whole it is done when the whole has returned
    print(f"whole: {pool.submit(whole).result().result()}")


if __name__ == "__main__":
    main()
