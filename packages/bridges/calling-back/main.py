"""A function in Rust calls back into Python while another thread looks at
the same balance. Nobody who holds the mutex of it waits for the GIL."""

import threading
import time

import balance

GOAL = 10


def report(now: int) -> None:
    print(f"balance: {now}")


def look() -> None:
    while balance.read() < GOAL:
        time.sleep(0)
    print("the goal is reached")


def main() -> None:
    # 1. One looks until the goal is reached
    looker = threading.Thread(target=look)
    looker.start()

    # 2. Each addition is reported, by a call from Rust
    for _ in range(GOAL):
        balance.add(report)

    # 3. Both come to their end
    looker.join()
    print("done")


if __name__ == "__main__":
    main()
