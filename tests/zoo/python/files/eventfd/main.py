import os
import threading

counter = os.eventfd(0, os.EFD_SEMAPHORE)
got = []
lock = threading.Lock()


def take():
    value = os.eventfd_read(counter)
    with lock:
        got.append(value)


threads = [threading.Thread(target=take) for _ in range(3)]
for thread in threads:
    thread.start()
os.eventfd_write(counter, 1)
os.eventfd_write(counter, 2)
for thread in threads:
    thread.join()
os.close(counter)
print(f"got: {got}")
