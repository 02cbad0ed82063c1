"""A thread has notes of its own, which are thrown away when it ends.

The `with` block of a pool ends when the threads themselves have ended.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

mine = threading.local()


class Notes:
    def __del__(self) -> None:
        print("the notes are thrown away")


# 1. Keep notes for as long as the thread lives
def work() -> None:
    mine.notes = Notes()
    print("the work is done")


def main() -> None:
    # 2. The block's end waits for the thread
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(work)

    # 3. Are the notes gone?
    print("main goes on")


if __name__ == "__main__":
    main()
