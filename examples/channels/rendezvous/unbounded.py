"""To a queue, maxsize=0 means no limit: `put` never waits.

The giver is rid of everything though nobody has asked for it.
"""

import queue
import threading

ITEMS = 3


# 1. Give the items one by one; `put` never waits
def give(items: queue.Queue[int]) -> None:
    for item in range(1, ITEMS + 1):
        items.put(item)
        print(f"giver is rid of {item}")


def main() -> None:
    items: queue.Queue[int] = queue.Queue(maxsize=0)
    giver = threading.Thread(target=give, args=(items,))
    giver.start()

    # 2. It is soon rid of all, though nobody has asked for anything yet
    giver.join()

    # 3. What it has put is there for whoever comes
    for _ in range(ITEMS):
        print(f"taker has {items.get()}")


if __name__ == "__main__":
    main()
