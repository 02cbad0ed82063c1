"""Starts a second thread, and goes on with work of its own beside it."""

from threading import Thread
from time import sleep


def greet() -> None:
    for i in range(10):
        print(f"Hello, can you hear me?: {i}")
        sleep(0.001)


def main() -> None:
    # 1. Start the thread: making a Thread is not enough, start() runs it
    thread = Thread(target=greet)
    thread.start()

    # 2. Go on in the main thread
    for i in range(5):
        print(f"Hello from the main thread: {i}")
        sleep(0.001)

    # 3. Wait until the thread has ended
    thread.join()


if __name__ == "__main__":
    main()
