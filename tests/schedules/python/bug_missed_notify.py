"""A waiter looks before it takes the lock: a notification between the two is missed."""

import sys
import threading

fixed = "fixed" in sys.argv
condition = threading.Condition()
ready = False


def look_and_wait():
    if not ready:
        with condition:
            condition.wait()


def wait_for_it():
    with condition:
        condition.wait_for(lambda: ready)


waiter = threading.Thread(target=wait_for_it if fixed else look_and_wait)
waiter.start()
ready = True
with condition:
    condition.notify()
waiter.join()
print("good")
