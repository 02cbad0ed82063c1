"""join() waits: main's own work begins when the thread has ended."""

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

    # 2. Wait until it has ended
    thread.join()

    # 3. Only then go on in the main thread
    for i in range(5):
        print(f"Hello from the main thread: {i}")
        sleep(0.001)


if __name__ == "__main__":
    main()
