import datetime
import time

clocks = {
    "monotonic": time.monotonic,
    "perf_counter": time.perf_counter,
    "time": time.time,
    "time_ns": lambda: time.time_ns() / 1e9,
    "clock_gettime": lambda: time.clock_gettime(time.CLOCK_MONOTONIC),
    "datetime": lambda: datetime.datetime.now().timestamp(),
    "utc": lambda: datetime.datetime.now(datetime.timezone.utc).timestamp(),
}
before = {name: clock() for name, clock in clocks.items()}
time.sleep(0.3)
for name, clock in clocks.items():
    print(f"{name} agrees: {clock() - before[name] >= 0.28}")
