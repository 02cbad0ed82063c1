"""Bugs of one hand-over that comes late, after much that is sound.

The first argument names one, and a second, `fixed`, mends it.  Each prints "good" in the runs that
do not show it; in the others "bad", or nothing before it hangs.
"""

import sys
import threading
import time

ROUNDS = 12

fixed = "fixed" in sys.argv
turn = threading.Lock()
other = threading.Lock()
total = 0
balance = 10
ready = False
value = 0
closed = False
made = []
items = [1, 2, 3]
wrong = []


def add():
    global total
    with turn:
        seen = total
        total = seen + 1


def same(number):
    return number


def work(rounds=ROUNDS):
    for _ in range(rounds):
        add()


def run(*jobs):
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def report(good):
    print("good" if good else "bad")


# --- two locks, beside a clock, and after other work ----------------------------------------------


def clock():
    done = threading.Event()

    def tick():
        while not done.is_set():
            time.sleep(0.1)

    def clerk(first, second):
        with first:
            with second:
                pass

    ticking = threading.Thread(target=tick)
    ticking.start()
    order = (turn, other) if fixed else (other, turn)
    run(lambda: clerk(turn, other), lambda: clerk(*order))
    done.set()
    ticking.join()
    report(True)


def locks():
    third = threading.Lock()

    def visit(first, second):
        work()
        with first:
            with second:
                pass

    order = (other, third) if fixed else (third, other)
    run(lambda: visit(other, third), lambda: visit(*order))
    report(True)


# --- a look, and then an act ----------------------------------------------------------------------


def is_made():
    return bool(made)


def once():
    def make():
        if not is_made():
            made.append(1)

    def make_in_turn():
        with turn:
            make()

    def use():
        work()
        (make_in_turn if fixed else make)()
        work()

    run(use, use)
    report(len(made) == 1)


def is_closed():
    return bool(closed)


def close():
    def write():
        if not is_closed():
            wrong.extend([1] * closed)

    def write_in_turn():
        with other:
            write()

    def writer():
        work()
        (write_in_turn if fixed else write)()

    def closer():
        global closed
        work(3)
        with other:
            closed = True

    run(writer, closer)
    report(not wrong)


def iterate():
    def look():
        for place in range(len(items)):
            same(items[place])

    def reader():
        work()
        try:
            if fixed:
                with turn:
                    look()
            else:
                look()
        except IndexError:
            wrong.append(1)

    def taker():
        work(4)
        with turn:
            items.pop()

    run(reader, taker)
    report(not wrong)


# --- an update in the midst of sound ones ---------------------------------------------------------


def update():
    def add_bare():
        global total
        seen = same(total)
        total = same(seen + 1)

    def use():
        work()
        (add if fixed else add_bare)()
        work(3)

    run(use, use)
    report(total == 2 * (ROUNDS + 4))


def rounds():
    """The lock of one round is each thread's own, at the same place as all others."""

    def use():
        global total
        guards = [turn] * ROUNDS
        if not fixed:
            guards[7] = threading.Lock()
        for guard in guards:
            with guard:
                seen = same(total)
                total = same(seen + 1)

    run(use, use)
    report(total == 2 * ROUNDS)


# --- an order that nothing keeps ------------------------------------------------------------------


def flag():
    def write():
        global ready, value
        work()
        with other:
            if fixed:
                value = 1
            ready = True
        with other:
            value = 1

    def read():
        work(3)
        with other:
            if ready and not value:
                wrong.append(1)

    run(write, read)
    report(not wrong)


def transfer():
    accounts = {"a": 10, "b": 0}

    def move():
        work()
        if fixed:
            with other:
                accounts["a"] -= 1
                accounts["b"] += 1
        else:
            with other:
                accounts["a"] -= 1
            with other:
                accounts["b"] += 1
        work(2)

    def audit():
        work(4)
        with other:
            if sum(accounts.values()) != 10:
                wrong.append(1)

    run(move, audit, work)
    report(not wrong)


def notify():
    condition = threading.Condition()

    def is_ready():
        return ready

    def wait():
        work()
        if fixed:
            with condition:
                while not is_ready():
                    condition.wait()
        elif not is_ready():
            with condition:
                condition.wait()

    def tell():
        global ready
        work(3)
        with condition:
            ready = True
            condition.notify()

    run(wait, tell)
    report(True)


{
    job.__name__: job
    for job in (clock, locks, once, close, iterate, update, rounds, flag, transfer, notify)
}[sys.argv[1]]()
