"""Two threads count with `+=`, and on most interpreters none is lost.

Nobody has promised that: CPython with its lock, from 3.10 on, happens not to
switch threads between this reading and this writing.
"""

import threading

ROUNDS = 100

total = 0


# 1. Read, add one, write: three steps, with no place to switch in between
def work() -> None:
    global total
    for _ in range(ROUNDS):
        total += 1


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
