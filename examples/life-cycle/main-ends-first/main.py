"""Main is done before its thread, and does not wait: the interpreter does."""

from threading import Thread
from time import sleep


def greet() -> None:
    for i in range(10):
        print(f"Hello, can you hear me?: {i}")
        sleep(0.001)


def main() -> None:
    # 1. Start the thread, and keep no name for it
    Thread(target=greet).start()

    # 2. Go on in the main thread, for half as long; then it is the
    #    interpreter that waits for the thread
    for i in range(5):
        print(f"Hello from the main thread: {i}")
        sleep(0.001)


if __name__ == "__main__":
    main()
