"""Event and Timer: a wait that times out, one that a timer ends, a timer that is cancelled."""

import threading
import time

event = threading.Event()
start = time.monotonic()
print(event.wait(5), round(time.monotonic() - start))
threading.Timer(0.5, event.set).start()
print(event.wait(5), round(time.monotonic() - start, 1))
timer = threading.Timer(100, print, ["never"])
timer.start()
timer.cancel()
timer.join()
print("cancelled")
