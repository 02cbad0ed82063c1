"""Ten seconds of sleep are ten seconds by every clock; processor time is not used by them."""

import datetime
import os
import time


def readings():
    return [
        time.time(),
        time.monotonic(),
        time.perf_counter(),
        time.clock_gettime(time.CLOCK_REALTIME),
        time.clock_gettime(time.CLOCK_MONOTONIC),
        time.clock_gettime(time.CLOCK_BOOTTIME),
        datetime.datetime.now().timestamp(),
        datetime.datetime.now(datetime.timezone.utc).timestamp(),
        time.mktime(time.localtime()),
        time.mktime(time.strptime(time.ctime())),
        os.times().elapsed,
    ]


before = readings()
used = time.process_time()
time.sleep(10)
print([round(after - start) for start, after in zip(before, readings())])
print(time.process_time() - used < 0.1)
print(datetime.datetime.now() < datetime.datetime.now())
until = datetime.datetime.now() + datetime.timedelta(seconds=1)
while datetime.datetime.now() < until:
    pass
print("late")
