"""Other interpreters in this process (CPython 3.14 and later) do their work."""

import threading
from concurrent.futures import InterpreterPoolExecutor


def square(number):
    return number * number


if __name__ == "__main__":
    with InterpreterPoolExecutor(2) as pool:
        print(list(pool.map(square, range(4))))
    thread = threading.Thread(target=print, args=("thread",))
    thread.start()
    thread.join()
