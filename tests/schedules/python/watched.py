"""A program that has its own calls watched, as a profiler does: whose code does it see?"""

import sys
import threading

seen: set[str] = set()
lock = threading.Lock()


def watch(frame, event, argument):
    seen.add(frame.f_code.co_filename)


def work() -> None:
    for _ in range(3):
        with lock:
            print("line")


sys.setprofile(watch)
thread = threading.Thread(target=work)
thread.start()
work()
thread.join()
sys.setprofile(None)
print("threading" in " ".join(seen), "controlled_threads" in " ".join(seen))
