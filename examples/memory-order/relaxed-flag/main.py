"""Ann leaves a number and raises a flag; bob waits for the flag.

Two plain names do. CPython stores them in the order of the program, so
whoever has seen the flag sees the number.
"""

import time
from concurrent.futures import ThreadPoolExecutor

number = 0
is_there = False


# 1. First the number, then the flag that says that it is there
def leave() -> None:
    global number, is_there
    number = 6 * 7
    print(f"ann leaves {number}")
    is_there = True


# 2. Look until the flag is up, then take the number
def take() -> None:
    while not is_there:
        time.sleep(0.001)
    print(f"bob takes {number}")


def main() -> None:
    with ThreadPoolExecutor() as pool:
        pool.submit(leave)
        pool.submit(take)


if __name__ == "__main__":
    main()
