"""Who makes ready tells those whom it has seen waiting: one that comes between is told by nobody.

The waiter is started first, so two hand-overs are needed.
"""

import sys
import threading

fixed = "fixed" in sys.argv
told = threading.Condition()
waiting = ready = False


def is_waiting():
    return waiting


def say(what):
    global waiting, ready
    waiting, ready = waiting or what == "waiting", ready or what == "ready"


def wait():
    say("waiting")
    with told:
        while not ready:
            told.wait()


def tell():
    seen = is_waiting()
    say("ready")
    if seen or fixed:
        with told:
            told.notify()


waiter, teller = threading.Thread(target=wait), threading.Thread(target=tell)
waiter.start()
teller.start()
waiter.join()
teller.join()
print("good")
