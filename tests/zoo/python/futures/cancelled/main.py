import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor

started, go_on = threading.Event(), threading.Event()


def block():
    started.set()
    go_on.wait()
    return "done"


with ThreadPoolExecutor(1) as pool:
    running = pool.submit(block)
    waiting = pool.submit(print, "never")
    started.wait()
    print(f"cancelled: {running.cancel()} {waiting.cancel()}")
    go_on.set()
    print(f"running one: {running.result()}")
try:
    waiting.result()
except CancelledError:
    print("the other was cancelled")
