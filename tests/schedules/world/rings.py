"""Two that wait for each other beside a third; or one that only looks like it."""

import signal
import sys
import threading
import time

first, second = threading.Lock(), threading.RLock()
done = threading.Event()
met = threading.Barrier(2)


def tick():
    while not done.is_set():
        time.sleep(0.1)


def ring():
    def work(one, other):
        with one:
            met.wait()
            with other:
                pass

    beside(lambda: work(first, second), lambda: work(second, first))


def join_ring():
    threads = []

    def wait_for(other):
        met.wait()
        threads[other].join()

    threads += [threading.Thread(target=wait_for, args=(1 - i,)) for i in range(2)]
    beside(*threads)


def handler():
    """A handler that takes the lock which the interrupted code holds."""

    def take(number, frame):
        with first:
            print("never")

    signal.signal(signal.SIGALRM, take)
    signal.alarm(1)
    threading.Thread(target=tick).start()
    with first:
        time.sleep(2)


def signals():
    """Locks that one thread takes and another lets go are no ring."""
    ping, pong = threading.Lock(), threading.Lock()
    ping.acquire()
    pong.acquire()

    def answer():
        ping.acquire()
        pong.release()

    def start():
        time.sleep(1)
        ping.release()

    threads = [threading.Thread(target=each) for each in (answer, start)]
    for thread in threads:
        thread.start()
    pong.acquire()
    for thread in threads:
        thread.join()
    print("no ring")


def beside(*functions):
    threading.Thread(target=tick).start()
    threads = [
        each if isinstance(each, threading.Thread) else threading.Thread(target=each)
        for each in functions
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()


def crossing(one, other, *, tells=True):
    """Each takes one and then the other's; unless it `tells`, nobody goes on beside them."""

    def work(mine, theirs):
        with mine:
            met.wait()
            with theirs:
                pass

    pair = (lambda: work(one, other), lambda: work(other, one))
    if tells:
        beside(*pair)
        return
    for each in pair:
        threading.Thread(target=each).start()


def conditions():
    crossing(threading.Condition(threading.Lock()), threading.RLock())


def semaphores():
    crossing(threading.Semaphore(), threading.BoundedSemaphore(), tells=False)


WAYS = {
    "ring": ring,
    "join": join_ring,
    "handler": handler,
    "signals": signals,
    "conditions": conditions,
    "semaphores": semaphores,
}
WAYS[sys.argv[1]]()
