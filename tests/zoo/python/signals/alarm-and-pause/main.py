import signal
import time

got = []
signal.signal(signal.SIGALRM, lambda number, frame: got.append(signal.Signals(number).name))
start = time.monotonic()
left = signal.alarm(1)
print(f"left before: {left}")
while not got:
    signal.pause()
print(f"got {got[0]}")
print(f"no sooner: {time.monotonic() - start >= 0.9}")
print(f"left after: {signal.alarm(0)}")
