"""A sum is halved, and each half is a job that waits for its own halves. Two
workers wait for parts that nobody is left to do. Stop it with Ctrl-C, twice.
"""

from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor(max_workers=2)


def add_up(first: int, last: int) -> int:
    # 1. A small part is added up at once
    if last - first < 2:
        print(f"adds {first} and {last}")
        return first + last

    # 2. Of a larger one both halves are jobs, and this one waits for them
    print(f"halves {first} to {last}")
    middle = (first + last) // 2
    left = pool.submit(add_up, first, middle)
    right = pool.submit(add_up, middle + 1, last)
    return left.result() + right.result()


def main() -> None:
    # 3. The whole is a job, too
    print(f"total: {pool.submit(add_up, 1, 8).result()}")


if __name__ == "__main__":
    main()
