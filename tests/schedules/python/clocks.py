"""Virtual time: sleeps cost nothing, clocks agree, equal readings never come, busy waits end."""

import threading
import time

start = time.monotonic(), time.time(), time.perf_counter(), time.monotonic_ns(), time.time_ns()
time.sleep(3600)
time.sleep(0)
end = time.monotonic(), time.time(), time.perf_counter(), time.monotonic_ns(), time.time_ns()
print([round(b - a) for a, b in zip(start[:3], end[:3])], round((end[3] - start[3]) / 1e9))
print(time.perf_counter() < time.perf_counter(), time.process_time() < 1)
order = []


def nap(seconds):
    time.sleep(seconds)
    order.append(seconds)


threads = [threading.Thread(target=nap, args=(seconds,)) for seconds in (0.3, 0.1, 0.2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(order)
until = time.monotonic() + 1
while time.monotonic() < until:
    pass
done = []
setter = threading.Timer(2, done.append, [1])
setter.start()
while not done:
    time.sleep(0)
setter = threading.Timer(2, done.append, [1])
setter.start()
while len(done) < 2:
    pass
print("done")
try:
    time.sleep(-1)
except ValueError as fault:
    print(fault)
