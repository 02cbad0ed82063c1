"""Signals: a handler runs; an interrupt reaches a main thread that waits, by any of its ways."""

import os
import signal
import threading
import time

heard = []
signal.signal(signal.SIGUSR1, lambda number, frame: heard.append(number))
os.kill(os.getpid(), signal.SIGUSR1)
print(heard == [signal.SIGUSR1], flush=True)
signal.signal(signal.SIGINT, signal.default_int_handler)

never = threading.Event()
caught = []


def interrupt(already):
    signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
    while len(caught) == already:
        time.sleep(0.001)


for wait in (never.wait, lambda: time.sleep(10**6), lambda: worker.join()):
    worker = threading.Thread(target=interrupt, args=(len(caught),))
    try:
        worker.start()
        wait()
    except KeyboardInterrupt:
        caught.append(wait)
        print("interrupted", flush=True)
    worker.join()
signal.signal(signal.SIGTERM, signal.SIG_DFL)
os.kill(os.getpid(), signal.SIGTERM)
