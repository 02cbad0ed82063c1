"""What a thread sees of its own stack is the program's and the library's, and no frame of ours."""

import _thread
import inspect
import sys
import threading
import traceback

seen = []
ended = threading.Event()


def look():
    seen.append([frame.function for frame in inspect.stack()])
    seen.append([frame.name for frame in traceback.extract_stack()])


def raw(number, *, name):
    seen.append([frame.function for frame in inspect.stack()])
    seen.append((number, name))
    ended.set()


def fails():
    raise ValueError("meant")


def told(unraisable):
    seen.append("function fails" in f"{unraisable.err_msg} {unraisable.object!r}")
    seen.append([frame.name for frame in traceback.extract_tb(unraisable.exc_traceback)])
    failed.set()


thread = threading.Thread(target=look)
thread.start()
thread.join()
_thread.start_new_thread(raw, (5,), {"name": "five"})
ended.wait()
failed = threading.Event()
sys.unraisablehook = told
_thread.start_new_thread(fails, ())
failed.wait()
for each in seen:
    print(each)
