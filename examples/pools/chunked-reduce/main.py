"""Ten numbers are added up in chunks, and then the chunks' sums are.

Each worker has a chunk and a total of its own, so no lock is needed; what is
shared comes last, and is small.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

CHUNK = 4


# 1. Split: chunks of four, and what is left
def chunks(numbers: Sequence[int]) -> list[Sequence[int]]:
    return [
        numbers[start : start + CHUNK]
        for start in range(0, len(numbers), CHUNK)
    ]


# 2. Reduce each chunk, in a worker of its own
def add_up(chunk: Sequence[int]) -> int:
    total = sum(chunk)
    print(f"from {chunk[0]} to {chunk[-1]}: {total}")
    return total


def main() -> None:
    numbers = range(1, 11)
    with ThreadPoolExecutor() as pool:
        sums = list(pool.map(add_up, chunks(numbers)))

    # 3. Reduce what the workers return, in the order of the chunks
    print(f"sums: {sums}")
    print(f"total: {sum(sums)}")


if __name__ == "__main__":
    main()
