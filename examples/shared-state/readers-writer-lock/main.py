"""Readers may share a value, a writer must have it alone.

Python has no readers–writer lock, but a condition and a count make one.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


# 1. Readers are counted; a writer waits until there are none, and while it
#    holds the lock no reader can be added to the count
class ReadersWriterLock:
    def __init__(self) -> None:
        self.no_reader = threading.Condition()
        self.readers = 0

    @contextmanager
    def read(self) -> Iterator[None]:
        with self.no_reader:
            self.readers += 1
        try:
            yield
        finally:
            with self.no_reader:
                self.readers -= 1
                self.no_reader.notify_all()

    @contextmanager
    def write(self) -> Iterator[None]:
        with self.no_reader:
            self.no_reader.wait_for(lambda: self.readers == 0)
            yield


lock = ReadersWriterLock()
version = 0


# 2. A reader sees one version for as long as it stays
def reader(who: int, company: threading.Barrier) -> None:
    with lock.read():
        print(f"reader {who} enters: version {version}")
        company.wait()
        print(f"reader {who} leaves: version {version}")


# 3. A writer makes the next version
def writer(who: int) -> None:
    global version
    with lock.write():
        print(f"writer {who} enters: version {version}")
        version += 1
        print(f"writer {who} leaves: version {version}")


def main() -> None:
    # 4. Two readers meet inside, and main waits until they have: some locks
    #    let no reader in while a writer waits, and then they never would
    together = threading.Barrier(3)
    alone = threading.Barrier(1)
    early = [
        threading.Thread(target=reader, args=(who, together))
        for who in (1, 2)
    ]
    for thread in early:
        thread.start()
    together.wait()

    # 5. Now two writers and a third reader come, in any order
    late = [threading.Thread(target=writer, args=(who,)) for who in (1, 2)]
    late.append(threading.Thread(target=reader, args=(3, alone)))
    for thread in late:
        thread.start()
    for thread in early + late:
        thread.join()


if __name__ == "__main__":
    main()
