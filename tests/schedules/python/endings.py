"""How a program ends, by its argument: exceptions, exits, daemons cut off, exit handlers."""

import atexit
import os
import sys
import threading
import time


def fail():
    raise ValueError("from the thread")


def leave():
    sys.exit(3)


def run(target, daemon=False):
    thread = threading.Thread(target=target, daemon=daemon)
    thread.start()
    return thread


atexit.register(print, "at exit")
way = sys.argv[1]
if way == "thread-raises":
    run(fail).join()
elif way == "hook":
    threading.excepthook = lambda told: print("hook", told.exc_value)
    run(fail).join()
elif way == "thread-exits":
    run(leave).join()
elif way == "main-raises":
    run(lambda: (time.sleep(1), print("thread done")))
    raise KeyError("from main")
elif way == "main-exits":
    run(lambda: (time.sleep(1), print("thread done")))
    sys.exit(4)
elif way == "daemon":
    run(lambda: (time.sleep(100), print("never")), daemon=True)
elif way == "daemon-spins":
    run(lambda: [time.sleep(0) for _ in iter(int, 1)], daemon=True)
elif way == "unjoined":
    run(lambda: (time.sleep(1), print("thread done")))
elif way == "at-once":
    run(lambda: time.sleep(1))
    sys.stdout.flush()
    os._exit(5)
print("main done")
