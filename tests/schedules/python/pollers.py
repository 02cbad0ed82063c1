"""Two threads poll until they are told to stop; two others say what they have to say. In time."""

import os
import queue
import sys
import threading
import time

done = threading.Event()
stop = False
nothing: "queue.Queue[int]" = queue.Queue()


def by_sleep() -> None:
    while not stop:
        time.sleep(0.001)


def by_event() -> None:
    while not done.wait(timeout=0.001):
        pass


def by_queue() -> None:
    while not stop:
        try:
            nothing.get(timeout=0.001)
        except queue.Empty:
            pass


def by_clock() -> None:
    while not stop:
        ends = time.monotonic() + 0.001
        while time.monotonic() < ends:
            pass


def by_yield() -> None:
    while not stop:
        os.sched_yield()


def by_no_sleep() -> None:
    while not stop:
        time.sleep(0)


def by_spinning() -> None:
    while not stop:
        pass


def by_lock() -> None:
    while not stop:
        with lock:
            pass


lock = threading.Lock()


def clerk() -> None:
    for _ in range(5):
        for _ in range(20):
            with lock:
                pass
        print("said")


def main() -> None:
    global stop
    poll = globals()["by_" + sys.argv[1]]
    pollers = [threading.Thread(target=poll) for _ in range(2)]
    clerks = [threading.Thread(target=clerk) for _ in range(2)]
    for thread in pollers + clerks:
        thread.start()
    for thread in clerks:
        thread.join()
    stop = True
    done.set()
    for thread in pollers:
        thread.join()
    print("good")


if __name__ == "__main__":
    main()
