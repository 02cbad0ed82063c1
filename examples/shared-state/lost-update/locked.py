"""Two threads raise one number, each update under a lock.

The lock covers the read and the write together, so no update is lost.
"""

import threading

ROUNDS = 3

total = 0
total_lock = threading.Lock()


def plus_one(number: int) -> int:
    return number + 1


# 1. Hold the lock from the read to the write
def work(who: int) -> None:
    global total
    for update in range(1, ROUNDS + 1):
        with total_lock:
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
