"""Two threads take from an account after a look at it: prints `overdrawn` or `sound`."""

import threading

balance = 10
taken = []


def enough():
    return balance >= 10


def take():
    global balance
    if enough():
        taken.append(10)
        balance -= 10


threads = [threading.Thread(target=take) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("overdrawn" if len(taken) == 2 else "sound")
