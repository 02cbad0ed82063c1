"""Two threads add to a counter, by a `call` between read and write or `plain`ly; or `fixed`.

Each does so three times, or as often as the second argument says.
"""

import sys
import threading

counter = 0
rounds = next((int(word) for word in sys.argv if word.isdigit()), 3)
lock = threading.Lock()


def more(value):
    return value + 1


def add_by_call():
    global counter
    for _ in range(rounds):
        counter = more(counter)


def add_plainly():
    global counter
    for _ in range(rounds):
        counter = counter + 1


def add_under_a_lock():
    global counter
    for _ in range(rounds):
        with lock:
            counter = more(counter)


ways = {"call": add_by_call, "plain": add_plainly, "fixed": add_under_a_lock}
way = "fixed" if "fixed" in sys.argv else sys.argv[1]
threads = [threading.Thread(target=ways[way]) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("good" if counter == 2 * rounds else "bad")
