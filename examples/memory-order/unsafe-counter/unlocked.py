"""Two threads count visits in one object, and nothing protects it.

To add is to read and to write back. CPython with its lock (3.10 and newer)
lets nobody in between; without the GIL another thread may come there.
"""

from concurrent.futures import ThreadPoolExecutor


# 1. Any thread may touch the number
class Visits:
    def __init__(self) -> None:
        self.number = 0

    # 2. Read, add, write back
    def come(self) -> None:
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
