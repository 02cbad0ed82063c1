"""Two threads take from an account after a look at it."""

import sys
import threading

fixed = "fixed" in sys.argv
balance = 10
taken = []
turn = threading.Lock()


def enough():
    return balance >= 10


def take():
    global balance
    if enough():
        taken.append(10)
        balance -= 10


def take_in_turn():
    with turn:
        take()


threads = [threading.Thread(target=take_in_turn if fixed else take) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("good" if len(taken) == 1 else "bad")
