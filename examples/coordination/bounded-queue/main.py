"""A bounded queue makes a fast producer wait for its consumer.

The producer can run ahead, but by no more than the queue holds and what the
two have in hand.
"""

import queue
import threading
from typing import Optional

ROOM = 2
ITEMS = 6


# 1. Offer the items one by one; `put` waits while the queue is full
def produce(items: queue.Queue[Optional[int]]) -> None:
    for item in range(1, ITEMS + 1):
        print(f"producer offers {item}")
        items.put(item)
    # Before Python 3.13 a queue has no end of its own: None stands for it
    items.put(None)


def main() -> None:
    items: queue.Queue[Optional[int]] = queue.Queue(maxsize=ROOM)
    producer = threading.Thread(target=produce, args=(items,))
    producer.start()

    # 2. Take them until the end has come; `get` waits while it is empty
    while (item := items.get()) is not None:
        print(f"consumer takes {item}")

    # 3. Nothing can come after the end
    producer.join()
    print("consumer has taken all")


if __name__ == "__main__":
    main()
