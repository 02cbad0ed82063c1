"""A daemon thread serves for as long as the rest of the program runs."""

from threading import Thread
from time import sleep


def greet() -> None:
    for i in range(10):
        print(f"Hello, can you hear me?: {i}")
        sleep(0.001)


def main() -> None:
    # 1. Start a daemon: the interpreter will not wait for it
    thread = Thread(target=greet, daemon=True)
    thread.start()

    # 2. Go on in the main thread; when it returns, the daemon is stopped
    for i in range(5):
        print(f"Hello from the main thread: {i}")
        sleep(0.001)


if __name__ == "__main__":
    main()
