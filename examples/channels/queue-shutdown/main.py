"""A consumer has had enough, and says so by shutting the queue down.

From Python 3.13 on: `put` raises ShutDown, even if it was already waiting
for room.
"""

import queue
import threading
from itertools import count


# 1. Make one item after the other, for as long as they are wanted
def produce(items: queue.Queue[int]) -> None:
    for item in count(1):
        try:
            items.put(item)
        except queue.ShutDown:
            print(f"nobody wants item {item}")
            return


def main() -> None:
    items: queue.Queue[int] = queue.Queue(maxsize=1)
    producer = threading.Thread(target=produce, args=(items,))
    producer.start()

    # 2. Two are enough
    for _ in range(2):
        print(f"item {items.get()}")

    # 3. Take no more, and throw away what lies in the queue
    items.shutdown(immediate=True)
    producer.join()
    print("the producer has stopped")


if __name__ == "__main__":
    main()
