"""A hand-over: whoever gives goes on only when somebody has taken.

A queue's `put` does not wait for that, however small the queue is. `join`
does: it waits until all that was put has been taken, and said to be.
"""

import queue
import threading

ITEMS = 3


# 1. Give the items one by one; `join` waits until this one has been taken
def give(items: queue.Queue[int]) -> None:
    for item in range(1, ITEMS + 1):
        items.put(item)
        items.join()
        print(f"giver is rid of {item}")


def main() -> None:
    items: queue.Queue[int] = queue.Queue()
    giver = threading.Thread(target=give, args=(items,))
    giver.start()

    # 2. Ask for them one by one; `task_done` says that one has been taken
    for item in range(1, ITEMS + 1):
        print(f"taker asks for {item}")
        print(f"taker has {items.get()}")
        items.task_done()
    giver.join()


if __name__ == "__main__":
    main()
