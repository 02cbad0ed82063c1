import threading
from concurrent.futures import Executor, Future


class ThreadForEach(Executor):
    """Starts a thread for each call."""

    def __init__(self):
        self.threads = []

    def submit(self, function, /, *args, **kwargs):
        future = Future()

        def run():
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(function(*args, **kwargs))
            except Exception as error:
                future.set_exception(error)

        self.threads.append(threading.Thread(target=run))
        self.threads[-1].start()
        return future

    def shutdown(self, wait=True, *, cancel_futures=False):
        for thread in self.threads:
            thread.join()


failures = []
with ThreadForEach() as pool:
    print("lengths:", *pool.map(len, ["a", "bb", "ccc"]))
    bad = pool.submit(int, "x")
    bad.add_done_callback(lambda future: failures.append(type(future.exception()).__name__))
print("failed:", *failures)
