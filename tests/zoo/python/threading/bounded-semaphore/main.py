import threading

pool = threading.BoundedSemaphore(value=2)
got = []


def borrow():
    if pool.acquire(blocking=False):
        got.append(threading.current_thread().name)


threads = [threading.Thread(target=borrow, name=f"b{n}") for n in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"lent to {len(got)}")
pool.release()
pool.release()
try:
    pool.release()
except ValueError as error:
    print(f"refused: {error}")
