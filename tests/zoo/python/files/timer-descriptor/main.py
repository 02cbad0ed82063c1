import os
import select
import struct
import time

timer = os.timerfd_create(time.CLOCK_MONOTONIC, flags=os.TFD_CLOEXEC)
start = time.monotonic()
os.timerfd_settime(timer, initial=0.1, interval=0.1)
print("at once:", select.select([timer], [], [], 0)[0])
expired = 0
while expired < 2:
    (count,) = struct.unpack("Q", os.read(timer, 8))
    expired += count
print(f"no sooner: {time.monotonic() - start >= 0.19}")
os.close(timer)
