"""A value is computed when it is first needed, and kept.

With a lock around the cached call the second thread waits for the first.
"""

from functools import cache
from threading import Lock, Thread

settings_lock = Lock()


# 1. Compute it once, for all threads
@cache
def read_settings() -> str:
    print("the settings are read")
    return "blue"


def settings() -> str:
    with settings_lock:
        return read_settings()


def paint(who: str) -> None:
    print(f"{who} paints it {settings()}")


def main() -> None:
    # 2. Two threads need the value at the same time
    painters = [Thread(target=paint, args=(who,)) for who in ("ann", "bob")]
    for painter in painters:
        painter.start()
    for painter in painters:
        painter.join()

    # 3. Later it is there
    paint("main")


if __name__ == "__main__":
    main()
