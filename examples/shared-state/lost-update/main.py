"""Two threads raise a number by reading it, adding one, writing it back.

What one thread writes between the other's read and write is lost.
"""

import threading

ROUNDS = 3

total = 0


def plus_one(number: int) -> int:
    return number + 1


# 1. Read, add, write: three steps, and a thread may be stopped between them
def work(who: int) -> None:
    global total
    for update in range(1, ROUNDS + 1):
        total = plus_one(total)
        print(f"worker {who} made update {update}")


def main() -> None:
    # 2. Start both workers
    workers = [threading.Thread(target=work, args=(who,)) for who in (1, 2)]
    for worker in workers:
        worker.start()

    # 3. Wait for both, then look at what has come of it
    for worker in workers:
        worker.join()
    print(f"total: {total}")


if __name__ == "__main__":
    main()
