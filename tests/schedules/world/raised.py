"""A signal that main sends to itself is handled in the call that sends it, and nowhere else."""

import _thread
import os
import signal
import threading
import time


class Told(Exception):
    pass


def handler(number, frame):
    raise Told(signal.Signals(number).name)


def told(function, *arguments):
    try:
        function(*arguments)
    except (Told, KeyboardInterrupt) as error:
        print(type(error).__name__, *error.args)
    else:
        print("nothing")


def press():
    time.sleep(0.1)
    _thread.interrupt_main()


signal.signal(signal.SIGUSR1, handler)
for _ in range(2):  # alone, and with another thread
    told(signal.raise_signal, signal.SIGUSR1)
    told(os.kill, os.getpid(), signal.SIGUSR1)
    told(signal.pthread_kill, threading.get_ident(), signal.SIGUSR1)
    told(signal.raise_signal, signal.SIGINT)
    event = threading.Event()
    threading.Thread(target=event.wait, daemon=True).start()
threading.Thread(target=press).start()
told(time.sleep, 1)
told(signal.raise_signal, signal.SIGINT)
