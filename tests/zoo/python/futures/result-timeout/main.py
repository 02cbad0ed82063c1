import threading
from concurrent.futures import ThreadPoolExecutor, TimeoutError

release = threading.Event()


def answer():
    release.wait()
    return 42


with ThreadPoolExecutor(1) as pool:
    future = pool.submit(answer)
    try:
        future.result(timeout=0.05)
    except TimeoutError:
        print("not yet")
    release.set()
    print(f"answer: {future.result()}")
print(f"done: {future.done()}, running: {future.running()}")
