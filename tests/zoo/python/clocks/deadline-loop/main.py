import threading
import time

ready = []
worker = threading.Timer(0.05, ready.append, args=("result",))
worker.start()
deadline = time.monotonic() + 30
polls = 0
while not ready and time.monotonic() < deadline:
    polls += 1
    time.sleep(0.01)
worker.join()
print(f"ready: {ready}")
print(f"polled: {polls >= 1}")
start = time.monotonic()
while time.monotonic() - start < 0.05:
    time.sleep(0.01)
print("the next deadline has passed")
