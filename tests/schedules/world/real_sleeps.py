"""A child sleeps for a while; to its parent it was as long.  After its end sleeps cost nothing."""

import os
import threading
import time

began = time.monotonic()
reader, writer = os.pipe()
child = os.fork()
if not child:
    time.sleep(0.3)
    os.write(writer, b"slept")
    os._exit(0)


def busy(enough):
    """Never idle: it goes on until the child has written."""
    while not enough:
        pass


enough = []
thread = threading.Thread(target=busy, args=(enough,))
thread.start()
print(os.read(reader, 5), time.monotonic() - began >= 0.3)
enough.append(1)
thread.join()
os.waitpid(child, 0)
time.sleep(3600)
print("an hour")
