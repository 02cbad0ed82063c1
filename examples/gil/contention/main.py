"""Two threads that only compute take turns at the interpreter lock (GIL): the
same work takes two threads as long as it takes one. A free-threaded Python
has no such lock."""

from collections.abc import Callable
from threading import Thread
from time import perf_counter

LIMIT = 33_000
Counts = dict[int, int]


def is_prime(n: int) -> bool:
    divisor = 2
    while divisor * divisor <= n:
        if n % divisor == 0:
            return False
        divisor += 1
    return n > 1


def count_primes(first: int, counts: Counts) -> None:
    numbers = range(first, LIMIT, 3)
    counts[first] = sum(is_prime(n) for n in numbers)


def sequential(counts: Counts) -> None:
    # 1. Count twice in a row
    count_primes(1, counts)
    count_primes(2, counts)


def threaded(counts: Counts) -> None:
    # 2. Count in two threads
    threads = [Thread(target=count_primes, args=(k, counts)) for k in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def time(name: str, run: Callable[[Counts], None]) -> None:
    # 3. Time each by a clock that never goes back
    counts: Counts = {}
    start = perf_counter()
    run(counts)
    seconds = perf_counter() - start
    parts = f"{counts[1]} + {counts[2]} primes below {LIMIT}"
    print(f"{name}: {parts}, {seconds:.6f} s")


def main() -> None:
    time("sequential", sequential)
    time("threaded", threaded)


if __name__ == "__main__":
    main()
