"""The consumer goes when the first of two producers is done, and leaves the rest in the queue."""

import queue
import sys
import threading

ends = 2 if "fixed" in sys.argv else 1
items = queue.Queue()
taken = []


def produce():
    for item in (1, 2, None):
        items.put(item)


producers = [threading.Thread(target=produce) for _ in range(2)]
for producer in producers:
    producer.start()
while ends:
    item = items.get()
    if item is None:
        ends -= 1
    else:
        taken.append(item)
print("good" if len(taken) == 4 else "bad")
for producer in producers:
    producer.join()
