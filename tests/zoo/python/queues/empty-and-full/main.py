import queue
import threading
import time

box = queue.Queue(maxsize=1)
start = time.monotonic()
try:
    box.get(timeout=0.2)
except queue.Empty:
    print(f"empty after the timeout: {time.monotonic() - start >= 0.18}")
box.put("one")
try:
    box.put_nowait("two")
except queue.Full:
    print(f"full: {box.full()}")
putter = threading.Thread(target=box.put, args=("three",))
putter.start()
print(f"got {box.get()}")
print(f"got {box.get()}")
putter.join()
