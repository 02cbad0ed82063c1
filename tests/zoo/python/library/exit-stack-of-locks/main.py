import contextlib
import threading

locks = [threading.Lock() for _ in range(3)]
balance = [30, 30, 30]


def move(source, target, amount):
    with contextlib.ExitStack() as stack:
        for index in sorted({source, target}):
            stack.enter_context(locks[index])
        before = balance[source]
        balance[source] = before - amount
        balance[target] += amount


threads = [threading.Thread(target=move, args=(n, (n + 1) % 3, 10 * n)) for n in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("balances:", *balance)
print("locked:", any(lock.locked() for lock in locks))
