"""A pool of two threads squares six numbers.

The jobs overlap and may end in any order; `map` gives the results back in
the order of the numbers.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

WORKERS = 2

company = threading.Barrier(WORKERS)


# 1. A job; each waits for another one, so that two are always at work
def square(number: int) -> int:
    print(f"squaring {number}")
    company.wait()
    print(f"squared {number}")
    return number * number


def main() -> None:
    numbers = [1, 2, 3, 4, 5, 6]

    # 2. Hand the jobs to the pool; whoever is free takes the next one
    # 3. `map` keeps the order, whichever job ends first
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        squares = list(pool.map(square, numbers))

    # 4. Every result stands where its number stood
    for number, result in zip(numbers, squares):
        print(f"{number} squared is {result}")


if __name__ == "__main__":
    main()
