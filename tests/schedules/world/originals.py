"""What is observed can't be told from what it was."""

import copy
import io
import os
import pickle
import queue
import sys
import threading
import time

print(type(threading.Lock()).__module__, type(threading.Lock()).__qualname__)
print(type(threading.RLock()).__module__, type(queue.SimpleQueue()).__module__)
print(type(time.sleep).__name__, type(time.monotonic).__name__, type(os.read).__name__)
print(pickle.loads(pickle.dumps(time.sleep)) is time.sleep, type(sys.stdout) is io.TextIOWrapper)
print(pickle.loads(pickle.dumps(time.monotonic)) is time.monotonic)
for attempt in (
    lambda: copy.copy(threading.Lock()),
    lambda: pickle.dumps(threading.RLock()),
    lambda: threading.Lock().acquire(False, 1),
    lambda: threading.Lock().release(),
    lambda: threading.RLock().release(),
    lambda: time.sleep("a"),
    lambda: time.sleep(-1),
    lambda: threading._start_new_thread(1, 2),
):
    try:
        attempt()
    except Exception as fault:
        print(type(fault).__name__, fault)
print(threading.Lock.__doc__, time.sleep.__doc__, threading.Lock().acquire.__doc__)
print(repr(time.sleep), repr(os.write), sorted(vars(type(threading.Lock()))))
print([name for name in sys.modules if name.startswith("clock")], len(sys.meta_path))
print(sorted(name for name in os.environ if name.startswith(("LD_", "HARNESS"))))
