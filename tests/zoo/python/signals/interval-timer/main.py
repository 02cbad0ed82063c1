import signal
import time

ticks = []


def tick(number, frame):
    ticks.append(time.monotonic())
    if len(ticks) == 3:
        signal.setitimer(signal.ITIMER_REAL, 0)


signal.signal(signal.SIGALRM, tick)
start = time.monotonic()
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
while len(ticks) < 3:
    time.sleep(0.02)
print(f"ticks: {len(ticks)}")
print(f"in order: {ticks == sorted(ticks)}")
print(f"no sooner: {ticks[0] - start >= 0.04 and ticks[2] - start >= 0.13}")
