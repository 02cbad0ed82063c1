"""A small program of words of letters: one for main, which begins it, and one for each thread.

Who reads a variable prints it at last.  a: reads a global, and writes one more.  b: the same of an
attribute, c: of an item, d: of what a closure holds.  l, u: takes a lock, and lets it go; m, v:
another.  t: tries to take the first.  q: puts into a queue, g: gets from it.  e: sets an event, i:
asks whether it is set.  w: waits until a flag is set under a condition, n: sets it and notifies.
x: appends to a list, y: looks at its length, f: goes through it and gives way at each, o: looks for
its greatest and does so, h: empties it.  r: adds up what is in a table, and gives way at each.
s: takes a semaphore and gives it back.  z, k: sleeps.
p: prints.  j: joins all threads; in main alone.
"""

import queue
import sys
import threading
import time

total = 0


class Shared:
    number = 0


def make_counter():
    count = 0

    def read():
        return count

    def write(value):
        nonlocal count
        count = value

    return read, write


shared, items, names = Shared(), {"n": 0}, []
read_count, write_count = make_counter()
locks = threading.Lock(), threading.RLock()
semaphore = threading.Semaphore(1)
channel = queue.Queue()
event = threading.Event()
ready, is_ready = threading.Condition(), [False]


def give_way(value=None):
    return value


def do(letter, seen):
    global total
    if letter == "a":
        old = total
        give_way()
        total = old + 1
        seen.append(old)
    elif letter == "b":
        old = shared.number
        give_way()
        shared.number = old + 1
        seen.append(old)
    elif letter == "c":
        old = items["n"]
        give_way()
        items["n"] = old + 1
        seen.append(old)
    elif letter == "d":
        old = read_count()
        write_count(old + 1)
        seen.append(old)
    elif letter in "lm":
        locks[letter == "m"].acquire()
    elif letter in "uv":
        locks[letter == "v"].release()
    elif letter == "t":
        taken = locks[0].acquire(blocking=False)
        seen.append(taken)
        if taken:
            locks[0].release()
    else:
        OTHERS[letter](seen)


def wait_until_ready(seen):
    with ready:
        while not is_ready[0]:
            ready.wait()


def get_ready(seen):
    with ready:
        is_ready[0] = True
        ready.notify_all()


def take_and_give_back(seen):
    with semaphore:
        seen.append(total)


OTHERS = {
    "q": lambda seen: channel.put(len(seen)),
    "g": lambda seen: seen.append(channel.get()),
    "e": lambda seen: event.set(),
    "i": lambda seen: seen.append(event.is_set()),
    "w": wait_until_ready,
    "n": get_ready,
    "x": lambda seen: names.append(len(seen)),
    "y": lambda seen: seen.append(len(names)),
    "f": lambda seen: seen.append(list(map(give_way, names))),
    "o": lambda seen: seen.append(max(names, key=give_way, default=-1)),
    "r": lambda seen: seen.append(sum(map(give_way, items.values()))),
    "h": lambda seen: names.clear(),
    "s": take_and_give_back,
    "z": lambda seen: time.sleep(0.001),
    "k": lambda seen: time.sleep(0.002),
}


def work(name, word):
    seen = []
    for letter in word:
        if letter == "p":
            print(f"{name} {seen}")
        else:
            do(letter, seen)
    print(f"{name} has {seen}")


def main():
    own, *words = sys.argv[1:]
    threads = [
        threading.Thread(target=work, args=(number + 1, word), daemon=True)
        for number, word in enumerate(words)
    ]
    for thread in threads:
        thread.start()
    work(0, own.replace("j", ""))
    if "j" in own:
        for thread in threads:
            thread.join()
        print(f"0 ends with {total} {shared.number} {items} {names}")


main()
