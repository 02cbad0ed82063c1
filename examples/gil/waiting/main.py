"""Threads do help with waiting: a thread that waits has let go of the
interpreter lock (GIL). Ten wait here for each other, all at once; one after
another they would wait for ever."""

from threading import Barrier, Thread

WAITS = 10


def wait(i: int, gate: Barrier) -> None:
    # 2. The gate opens when all ten have come
    print(f"begin: {i}")
    gate.wait()
    print(f"end: {i}")


def main() -> None:
    # 1. Start ten waits
    gate = Barrier(WAITS)
    threads = [Thread(target=wait, args=(i, gate)) for i in range(WAITS)]
    for thread in threads:
        thread.start()

    # 3. Wait for all of them
    for thread in threads:
        thread.join()
    print(f"waited: {WAITS}")


if __name__ == "__main__":
    main()
