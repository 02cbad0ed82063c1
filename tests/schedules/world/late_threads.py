"""A handler for the exit starts a thread, and does not join it."""

import atexit
import threading


def late():
    try:
        threading.Thread(target=print, args=["work"]).start()
    except RuntimeError:
        print("refused")
    print("end")


atexit.register(late)
thread = threading.Thread(target=int)
thread.start()
thread.join()
print("main")
