import _thread

results = []
ended = [_thread.allocate_lock() for _ in range(3)]


def square(n):
    results.append(n * n)
    ended[n].release()


for n, lock in enumerate(ended):
    lock.acquire()
    _thread.start_new_thread(square, (n,))
for lock in ended:
    lock.acquire()
print("squares:", sorted(results))
print("locked:", all(lock.locked() for lock in ended), type(ended[0]) is _thread.LockType)
