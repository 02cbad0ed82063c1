"""Nobody passes before all have come; a barrier that times out is broken."""

import threading

barrier = threading.Barrier(3)
lines = []


def meet(number):
    lines.append("before")
    barrier.wait()
    lines.append("after")


threads = [threading.Thread(target=meet, args=(number,)) for number in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(*lines)
try:
    barrier.wait(timeout=1)
except threading.BrokenBarrierError:
    print("broken", barrier.broken)
