"""A thread sleeps a hundred times, then frees another that has been spinning since."""

import threading
import time

flag = False


def sleep_often():
    global flag
    for _ in range(100):
        time.sleep(0.1)
    flag = True


def spin():
    while not flag:
        pass


threads = [threading.Thread(target=function) for function in (sleep_often, spin)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("woken")
