"""Three threads share a counter that a lock guards.

Whoever holds the lock is alone: the lines between `enters` and `leaves`
never mix, and every update counts.
"""

import threading

ROUNDS = 2


class Counter:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.value = 0


# 1. Take the lock, work, and let `with` give it back
def work(who: int, counter: Counter) -> None:
    for _ in range(ROUNDS):
        with counter.lock:
            print(f"worker {who} enters")
            counter.value += 1
            print(f"worker {who} leaves: {counter.value}")


def main() -> None:
    # 2. Give the same counter to three threads
    counter = Counter()
    workers = [
        threading.Thread(target=work, args=(who, counter))
        for who in (1, 2, 3)
    ]
    for worker in workers:
        worker.start()

    # 3. When all have ended nobody else can hold the lock
    for worker in workers:
        worker.join()
    print(f"total: {counter.value}")


if __name__ == "__main__":
    main()
