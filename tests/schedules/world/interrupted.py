"""A thread interrupts main, which sleeps, computes, or handles that itself."""

import _thread
import signal
import sys
import threading
import time


def interrupt():
    time.sleep(0.1)
    if sys.version_info >= (3, 10):
        _thread.interrupt_main(signal.SIGINT)
    else:
        _thread.interrupt_main()


def told(wait):
    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        while True:
            wait()
    except KeyboardInterrupt:
        thread.join()
        return "interrupted"


print(told(lambda: time.sleep(1)), told(lambda: None))
handled = []
signal.signal(signal.SIGINT, lambda number, frame: handled.append(threading.current_thread().name))
thread = threading.Thread(target=interrupt)
thread.start()
while not handled:
    time.sleep(0.01)
thread.join()
signal.signal(signal.SIGINT, signal.SIG_IGN)
thread = threading.Thread(target=interrupt)
thread.start()
thread.join()
print(handled)
