"""Each thread has a counter of its own, and all under one name.

Nobody sees what another thread counts, so no lock is needed.
"""

import threading


# 1. One name, a value for each thread: this runs when a thread first uses it
class Counter(threading.local):
    def __init__(self) -> None:
        self.value = 0


counter = Counter()


# 2. Count on, in whichever thread this is
def count(who: str, times: int) -> None:
    for _ in range(times):
        counter.value += 1
    print(f"{who} is at {counter.value}")


def main() -> None:
    # 3. Main counts first
    count("main", 10)

    # 4. A thread begins at 0, and not where main is
    for who, times in (("ann", 2), ("bob", 3)):
        thread = threading.Thread(target=count, args=(who, times))
        thread.start()
        thread.join()

    # 5. Main goes on where it was
    count("main", 1)


if __name__ == "__main__":
    main()
