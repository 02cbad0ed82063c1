import threading
from concurrent.futures import ThreadPoolExecutor

told = []
lock = threading.Lock()


def tell(future):
    with lock:
        told.append(future.result())


with ThreadPoolExecutor(2) as pool:
    futures = [pool.submit(abs, n) for n in (-1, -2, -3)]
    for future in futures:
        future.add_done_callback(tell)
print("told:", *sorted(told))
futures[0].add_done_callback(lambda future: print("at once:", future.result()))
