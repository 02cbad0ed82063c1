"""Words and numbers come from two threads, and main takes whatever is there
first. One queue serves both: nobody can wait for two."""

import queue
import threading
from collections.abc import Iterable

Mail = queue.Queue[tuple[str, object]]


def send(mail: Mail, kind: str, items: Iterable[object]) -> None:
    for item in items:
        mail.put((kind, item))
    mail.put((kind, None))


def main() -> None:
    # 1. Two senders
    mail: Mail = queue.Queue()
    for kind, items in [("word", ["one", "two"]), ("number", [1, 2])]:
        threading.Thread(target=send, args=(mail, kind, items)).start()

    # 2. Take what is there, until both have come to their end
    running = 2
    while running:
        kind, item = mail.get()
        if item is not None:
            print(f"{kind} {item}")
        else:
            print(f"no more {kind}s")
            running -= 1


if __name__ == "__main__":
    main()
