"""Alarms and interval timers come by virtual time, and end waits of every kind."""

import signal
import threading
import time


class Late(Exception):
    """The alarm."""


def raise_late(number, frame):
    raise Late


def show(what, wait):
    signal.alarm(1)
    start = time.monotonic()
    try:
        wait()
    except Late:
        print("late in", what, round(time.monotonic() - start))


def spin():
    turns = 0
    while True:
        turns += 1


held = threading.Lock()
held.acquire()
signal.signal(signal.SIGALRM, raise_late)
show("lock", held.acquire)
show("sleep", lambda: time.sleep(5))
show("event", lambda: threading.Event().wait(5))
show("loop", spin)
show("pause", signal.pause)
ticks = []
signal.signal(signal.SIGALRM, lambda number, frame: ticks.append(time.monotonic()))
signal.setitimer(signal.ITIMER_REAL, 0.25, 0.25)
time.sleep(1.1)
signal.setitimer(signal.ITIMER_REAL, 0)
print([round(b - a, 2) for a, b in zip(ticks, ticks[1:])], signal.alarm(7), signal.alarm(0))
