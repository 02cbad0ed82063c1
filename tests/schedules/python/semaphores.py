"""At most two inside; a bounded semaphore refuses to be released too often; a timeout."""

import threading
import time

semaphore = threading.BoundedSemaphore(2)
lock = threading.Lock()
inside = most = 0


def enter():
    global inside, most
    with semaphore:
        with lock:
            inside += 1
            most = max(most, inside)
        time.sleep(0.01)
        with lock:
            inside -= 1


threads = [threading.Thread(target=enter) for _ in range(5)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("most", most, "left", inside)
try:
    semaphore.release()
except ValueError:
    print("released too often")
plain = threading.Semaphore(0)
print(plain.acquire(timeout=7), plain.acquire(blocking=False))
