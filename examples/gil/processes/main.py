"""Each process has an interpreter, and a lock (GIL), of its own: two
processes do compute at the same time. Arguments and results are copied."""

from concurrent.futures import ProcessPoolExecutor

LIMIT = 60_000


def is_prime(n: int) -> bool:
    divisor = 2
    while divisor * divisor <= n:
        if n % divisor == 0:
            return False
        divisor += 1
    return n > 1


def count_primes(first: int) -> int:
    return sum(is_prime(n) for n in range(first, LIMIT, 3))


def main() -> None:
    # 1. Start two workers
    with ProcessPoolExecutor(max_workers=2) as pool:
        # 2. Hand each a part of the work
        one = pool.submit(count_primes, 1)
        two = pool.submit(count_primes, 2)

        # 3. Collect the parts; 3 is in neither
        print(f"part 1: {one.result()}")
        print(f"part 2: {two.result()}")
        print(f"primes below {LIMIT}: {1 + one.result() + two.result()}")


# A worker may import this file anew, and must not start workers then.
if __name__ == "__main__":
    main()
