"""A newsletter holds the lock of its readers' list while it calls them.

One of them changes the list, and waits for ever: the lock is held by its own
caller. It takes no second thread. Stop it with Ctrl-C.
"""

import threading
from collections.abc import Callable

Reader = Callable[["Newsletter"], None]


class Newsletter:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.readers: list[Reader] = []

    def subscribe(self, reader: Reader) -> None:
        with self.lock:
            self.readers.append(reader)
            print(f"copies: {len(self.readers)}")

    # 1. Call every reader, with the lock held
    def publish(self) -> None:
        with self.lock:
            for reader in self.readers:
                reader(self)


# 2. One only reads, the other one also orders a second copy for ann
def ann(_: Newsletter) -> None:
    print("ann reads")


def bob(newsletter: Newsletter) -> None:
    print("bob reads")
    newsletter.subscribe(ann)


def main() -> None:
    newsletter = Newsletter()
    newsletter.subscribe(ann)
    newsletter.subscribe(bob)

    # 3. This never ends
    newsletter.publish()


if __name__ == "__main__":
    main()
