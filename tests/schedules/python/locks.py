"""Lock and RLock: timeouts, no waiting, re-entry, and their misuse."""

import threading
import time

lock = threading.Lock()
with lock:
    print(lock.locked(), lock.acquire(blocking=False))
    start = time.monotonic()
    waiter = threading.Thread(target=lambda: print(lock.acquire(timeout=2)))
    waiter.start()
    waiter.join()
    print(round(time.monotonic() - start), "locked" in repr(lock))
for call in (lock.release, lambda: lock.acquire(False, 1), lambda: lock.acquire(timeout=-2)):
    try:
        call()
    except (RuntimeError, ValueError) as fault:
        print(type(fault).__name__)
again = threading.RLock()


def enter():
    with again:
        with again:
            print("inside twice")


threads = [threading.Thread(target=enter) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
try:
    again.release()
except RuntimeError as fault:
    print(fault)
