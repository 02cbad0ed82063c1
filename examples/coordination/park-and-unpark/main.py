"""A worker waits at a gate until main opens it.

An event is a flag with a place to wait at: once it is set it stays set, so
nobody can come too late.
"""

import threading

gate = threading.Event()


# 1. Wait until the gate is open
def work() -> None:
    print("worker comes to the gate")
    gate.wait()
    print("worker goes through")


def main() -> None:
    worker = threading.Thread(target=work)
    worker.start()

    # 2. Open it, whether or not the worker is there yet
    print("main opens the gate")
    gate.set()
    worker.join()
    print("worker has ended")


if __name__ == "__main__":
    main()
