import threading
import time

lock = threading.Lock()
lock.acquire()
answers = []


def try_it():
    start = time.monotonic()
    got = lock.acquire(timeout=0.2)
    answers.append((got, time.monotonic() - start))


thread = threading.Thread(target=try_it)
thread.start()
thread.join()
got, waited = answers[0]
print(f"got: {got}, waited: {waited >= 0.18}")
lock.release()
print(f"now: {lock.acquire(timeout=5)}")
try:
    lock.acquire(blocking=False, timeout=1)
except ValueError as error:
    print(f"refused: {error}")
