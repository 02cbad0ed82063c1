import threading
from concurrent.futures import ThreadPoolExecutor

mine = threading.local()


def prepare(name):
    mine.connection = name


def query(n):
    return f"{mine.connection}/{n}"


pool = ThreadPoolExecutor(2, initializer=prepare, initargs=("db",))
futures = [pool.submit(query, n) for n in range(4)]
pool.shutdown(wait=True)
print("results:", *[future.result() for future in futures])
try:
    pool.submit(query, 5)
except RuntimeError as error:
    print(f"refused: {error}")
