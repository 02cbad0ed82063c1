"""Main waits for what a thread does once it has left the interpreter; another waits for main."""

import _thread
import ctypes
import sys

library = ctypes.CDLL(sys.argv[1])
library.prepare()
done = _thread.allocate_lock()
gate = _thread.allocate_lock()
passed = _thread.allocate_lock()


def leave():
    library.wake_when_it_has_left()
    done.release()


def go_through():
    with gate:
        print("through")
    passed.release()


for lock in (done, gate, passed):
    lock.acquire()
_thread.start_new_thread(leave, ())
_thread.start_new_thread(go_through, ())
done.acquire()
getattr(library, sys.argv[2])()
print("woken")
gate.release()
passed.acquire()
