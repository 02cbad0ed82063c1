"""A job holds a lock while it waits for its two halves. A worker that waits
does nothing else meanwhile, so the lock is given back in the end."""

import threading
from concurrent.futures import ThreadPoolExecutor


def half(job: int) -> int:
    print(f"half of job {job}")
    return job * 10


def main() -> None:
    lock = threading.Lock()
    total = 0

    def add(job: int) -> None:
        nonlocal total
        # 1. Take the lock
        with lock:
            print(f"job {job} has the lock")

            # 2. Wait for both halves, and hold it still
            halves = [helpers.submit(half, job) for _ in range(2)]
            total += sum(each.result() for each in halves)
            print(f"job {job} is done")

    # 3. Three jobs, handed in from outside
    with ThreadPoolExecutor(2) as helpers, ThreadPoolExecutor(2) as pool:
        for job in range(1, 4):
            pool.submit(add, job)
    print(f"total: {total}")


if __name__ == "__main__":
    main()
