"""A waiter looks before it takes the lock: a notification between the two is missed."""

import threading

condition = threading.Condition()
ready = False


def wait():
    if not ready:
        with condition:
            condition.wait()
    print("woken")


waiter = threading.Thread(target=wait)
waiter.start()
ready = True
with condition:
    condition.notify()
waiter.join()
