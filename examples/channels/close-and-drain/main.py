"""A sender puts three items into a queue, ends, and is gone.

What it has put is still there. The end mark is an item like the others:
whoever has taken it does not find it there again.
"""

import queue
import threading
from typing import Optional


def produce(items: queue.Queue[Optional[int]]) -> None:
    for item in range(1, 4):
        items.put(item)
        print(f"sent {item}")
    items.put(None)


def main() -> None:
    # 1. Let the sender do all its work, and end
    items: queue.Queue[Optional[int]] = queue.Queue()
    producer = threading.Thread(target=produce, args=(items,))
    producer.start()
    producer.join()
    print("the sender is gone")

    # 2. Take what it has left, up to the end mark
    while (item := items.get()) is not None:
        print(f"received {item}")
    print("the end")

    # 3. Ask again: `get` would wait for ever
    try:
        items.get_nowait()
    except queue.Empty:
        print("asked again: empty")


if __name__ == "__main__":
    main()
