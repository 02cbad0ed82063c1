"""A value is computed when it is first needed, and kept.

`cache` keeps it, but does not make a second thread wait for the first.
"""

from functools import cache
from threading import Thread


# 1. Compute it once, for all threads: is it once?
@cache
def settings() -> str:
    print("the settings are read")
    return "blue"


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
