"""The same, where the one who adds holds the mutex and waits for the GIL, and
the one who looks holds the GIL and waits for the mutex."""

import threading
import time

import balance

GOAL = 10


def report(now: int) -> None:
    print(f"balance: {now}")


def look() -> None:
    while balance.read_attached() < GOAL:
        time.sleep(0)
    print("the goal is reached")


def main() -> None:
    # 1. One looks until the goal is reached
    looker = threading.Thread(target=look)
    looker.start()

    # 2. Each addition is reported, by a call from Rust
    for _ in range(GOAL):
        balance.add_locked(report)

    # 3. It does not always come this far
    looker.join()
    print("done")


if __name__ == "__main__":
    main()
