"""Two threads count visits in one object, under its lock.

Only we know that the lock is for the number. Whoever forgets it gets no
error, and may lose a visit.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Lock


# 1. The lock is for the number: so much has to be known
class Visits:
    def __init__(self) -> None:
        self.lock = Lock()
        self.number = 0

    # 2. Read, add, write back, with the lock held
    def come(self) -> None:
        with self.lock:
            self.number += 1


def visit(visits: Visits) -> None:
    for _ in range(2):
        visits.come()


def main() -> None:
    # 3. Two come twice each
    visits = Visits()
    with ThreadPoolExecutor() as pool:
        for _ in range(2):
            pool.submit(visit, visits)
    print(f"visits: {visits.number}")


if __name__ == "__main__":
    main()
