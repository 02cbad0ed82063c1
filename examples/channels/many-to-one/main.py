"""Three reporters send their stories to one desk, through one queue.

The queue does not know when they are done, so each says so with a None.
"""

import queue
import threading
from typing import Optional

REPORTERS = ["ann", "bob", "cid"]

Desk = queue.Queue[Optional[tuple[str, int]]]


# 1. Send two stories, and then that there are no more
def report(who: str, desk: Desk) -> None:
    for number in (1, 2):
        desk.put((who, number))
    desk.put(None)


def main() -> None:
    # 2. One queue, and a thread for each reporter
    desk: Desk = queue.Queue()
    for who in REPORTERS:
        threading.Thread(target=report, args=(who, desk)).start()

    # 3. Take what comes, whoever sent it, until the last one is done
    for _ in REPORTERS:
        while (story := desk.get()) is not None:
            who, number = story
            print(f"{who} sent story {number}")
    print("the paper is full")


if __name__ == "__main__":
    main()
