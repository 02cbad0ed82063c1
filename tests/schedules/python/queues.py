"""A bounded queue between two producers and a consumer; timeouts; task_done and join."""

import queue
import threading
import time

items = queue.Queue(maxsize=2)
taken = []


def produce(producer):
    for number in range(3):
        items.put((producer, number))


def consume():
    for _ in range(6):
        taken.append(items.get())
        items.task_done()


threads = [threading.Thread(target=produce, args=(producer,)) for producer in range(2)]
threads.append(threading.Thread(target=consume))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
items.join()
print([number for producer, number in taken if producer == 0])
print([number for producer, number in taken if producer == 1])

start = time.monotonic()
try:
    items.get(timeout=30)
except queue.Empty:
    print("empty after", int(time.monotonic() - start))
items.put(1)
items.put(2)
try:
    items.put(3, timeout=20)
except queue.Full:
    print("full after", int(time.monotonic() - start))
