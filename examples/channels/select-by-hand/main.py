"""Keys and ticks come from two threads, and main waits for either.

Nobody can wait for two queues, but two senders can use one: each sends
things of its own type, and the receiver looks which it is.
"""

import queue
import threading
from typing import NamedTuple, Union


class Key(NamedTuple):
    name: str


class Tick(NamedTuple):
    number: int


Events = queue.Queue[Union[Key, Tick]]


# 1. Two sources, each with its own kind of event
def keyboard(events: Events) -> None:
    for name in ("up", "down", "quit"):
        events.put(Key(name))


def clock(events: Events) -> None:
    for number in range(1, 4):
        events.put(Tick(number))


def main() -> None:
    # 2. One queue for both
    events: Events = queue.Queue()
    for source in (keyboard, clock):
        threading.Thread(target=source, args=(events,)).start()

    # 3. Wait for whatever comes first, and see what it is
    while (event := events.get()) != Key("quit"):
        if isinstance(event, Key):
            print(f"key {event.name}")
        else:
            print(f"tick {event.number}")
    print("quit")


if __name__ == "__main__":
    main()
