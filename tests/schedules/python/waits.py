"""Waits for a message, as many seconds as its argument says: prints whether it came in time."""

import queue
import sys
import threading


def produce():
    for _ in range(100):
        pass
    messages.put("in time")


messages = queue.Queue()
thread = threading.Thread(target=produce)
thread.start()
try:
    print(messages.get(timeout=float(sys.argv[1])))
except queue.Empty:
    print("late")
thread.join()
