"""One publishes, two subscribe: each gets every message, in order.

A queue hands each item to one taker; a bus has a queue for each subscriber
and puts a copy into all of them.
"""

import threading
from queue import SimpleQueue
from typing import Optional

Inbox = SimpleQueue[Optional[str]]  # None: nothing more will come

NEWS = ["sunrise", "noon", "sunset"]


class Bus:
    def __init__(self) -> None:
        self.inboxes: list[Inbox] = []

    # 1. Whoever subscribes gets an inbox of their own
    def subscribe(self) -> Inbox:
        inbox: Inbox = SimpleQueue()
        self.inboxes.append(inbox)
        return inbox

    # 2. A message goes into every inbox
    def publish(self, message: Optional[str]) -> None:
        for inbox in self.inboxes:
            inbox.put(message)


# 3. Read until there is nothing more to come
def read(name: str, inbox: Inbox) -> None:
    for message in iter(inbox.get, None):
        print(f"{name} reads {message}")
    print(f"{name} is done")


def main() -> None:
    # 4. Subscribe first: nobody gets what was published before
    bus = Bus()
    readers = [
        threading.Thread(target=read, args=(name, bus.subscribe()))
        for name in ("ann", "bob")
    ]
    for reader in readers:
        reader.start()
    for message in NEWS:
        print(f"published: {message}")
        bus.publish(message)

    # 5. Say that this was all
    bus.publish(None)
    for reader in readers:
        reader.join()


if __name__ == "__main__":
    main()
