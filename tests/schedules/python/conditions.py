"""Condition: wait_for, notify_all, a wait that times out, over a Lock and over an RLock."""

import threading

for lock in (threading.Lock(), threading.RLock()):
    condition = threading.Condition(lock)
    ready = []

    def wait(condition=condition, ready=ready):
        with condition:
            condition.wait_for(lambda: ready)
        print("woken")

    waiters = [threading.Thread(target=wait) for _ in range(2)]
    for waiter in waiters:
        waiter.start()
    with condition:
        ready.append(True)
        condition.notify_all()
    for waiter in waiters:
        waiter.join()
    with condition:
        print("in time:", condition.wait(timeout=10), condition.wait_for(lambda: False, timeout=3))
