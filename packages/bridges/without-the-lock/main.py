"""A module in Rust that needs no GIL counts for two threads. Where Python can
do without the lock, to import the module does not bring it back."""

import sys
import threading

import tally

ROUNDS = 1_000


def work() -> None:
    for _ in range(ROUNDS):
        tally.add()


def main() -> None:
    # 1. Does this interpreter have its lock?
    is_on = getattr(sys, "_is_gil_enabled", lambda: True)()
    print(f"the GIL is {'on' if is_on else 'off'}")

    # 2. Two threads count, in either case
    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    # 3. Nothing is lost
    print(f"total: {tally.total()}")


if __name__ == "__main__":
    main()
