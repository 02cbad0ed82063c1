"""The queue that is written in C: order, a blocking get, a timeout, no waiting."""

import queue
import threading

items = queue.SimpleQueue()
taken = []
consumer = threading.Thread(target=lambda: taken.extend(items.get() for _ in range(3)))
consumer.start()
for number in range(3):
    items.put(number)
consumer.join()
print(taken, items.empty(), items.qsize())
for get in (items.get_nowait, lambda: items.get(timeout=5), lambda: items.get(block=False)):
    try:
        get()
    except queue.Empty:
        print("empty")
