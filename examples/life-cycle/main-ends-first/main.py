"""Main is done before its thread, and does not wait: the interpreter does."""

from threading import Thread
from time import sleep


def greet() -> None:
    for i in range(10):
        print(f"Hello, can you hear me?: {i}")
        sleep(0.001)


def main() -> None:
    # 1. Start the thread
    thread = Thread(target=greet)
    thread.start()

    # 2. Go on in the main thread, for half as long
    for i in range(5):
        print(f"Hello from the main thread: {i}")
        sleep(0.001)

    # 3. Forget the thread: it runs on, and the interpreter waits for it
    del thread


if __name__ == "__main__":
    main()
