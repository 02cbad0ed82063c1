"""Main works under a lock, lets go of it, and takes it again at once. Another
thread has been waiting for it all the time."""

import threading
import time


def wait(lock: threading.Lock) -> None:
    with lock:
        print("the other one has it")


def main() -> None:
    lock = threading.Lock()
    other = threading.Thread(target=wait, args=(lock,))

    # 1. Work under the lock until the other one waits for it
    with lock:
        other.start()
        print("main has it")
        time.sleep(0.2)

    # 2. Let go, and take it again
    with lock:
        print("main has it again")
    other.join()


if __name__ == "__main__":
    main()
