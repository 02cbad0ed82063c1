import threading
import time

DELAYS = {"short": 0.05, "long": 0.1}
fired = {}
start = time.monotonic()


def fire(name):
    fired[name] = time.monotonic() - start


timers = [threading.Timer(delay, fire, args=(name,)) for name, delay in DELAYS.items()]
for timer in timers:
    timer.start()
for timer in timers:
    timer.join()
for name, delay in DELAYS.items():
    print(f"{name} in time: {fired[name] >= delay * 0.9}")
