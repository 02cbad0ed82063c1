"""A newsletter calls its readers when it has let go of their list's lock.

It holds that only to copy the list, so a reader may change the list, for the
issues to come.
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

    # 1. Copy the list with the lock held, and call the readers without
    def publish(self) -> None:
        with self.lock:
            readers = list(self.readers)
        for reader in readers:
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

    # 3. This ends
    newsletter.publish()


if __name__ == "__main__":
    main()
