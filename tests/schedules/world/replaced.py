"""A program that becomes another, once it has failed to."""

import os
import sys
import threading

thread = threading.Thread(target=print, args=("thread",))
thread.start()
thread.join()
try:
    os.execv("/nowhere", ["nowhere"])
except FileNotFoundError:
    print("not there", flush=True)
os.execv(sys.executable, [sys.executable, "-c", "import sys; print('another'); sys.exit(5)"])
