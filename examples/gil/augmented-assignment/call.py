"""Two threads count with `+=` and a function, and some counts are lost.

A call is a place to switch: another thread may count between the reading and
the writing, and its counts are overwritten.
"""

import threading

ROUNDS = 100

total = 0


def one() -> int:
    return 1


# 1. Read, call, add, write: another thread may have its turn at the call
def work() -> None:
    global total
    for _ in range(ROUNDS):
        total += one()


def main() -> None:
    # 2. Count in two threads
    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(f"total: {total}")


if __name__ == "__main__":
    main()
