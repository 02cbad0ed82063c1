"""A sleep that stands for an order: prints `first second`, or the other way about."""

import threading
import time

order = []


def later():
    time.sleep(0.1)
    order.append("second")


thread = threading.Thread(target=later)
thread.start()
order.append("first")
thread.join()
print(*order)
