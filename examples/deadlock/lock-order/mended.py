"""Two threads take two locks in the same order, and never get stuck.

One may wait for the other, but whoever has lock 1 finds lock 2 free.
"""

import threading

locks = {1: threading.Lock(), 2: threading.Lock()}


# 1. Take the lower lock first, whichever was named first
def work(who: str, one: int, other: int) -> None:
    first, second = sorted((one, other))
    with locks[first]:
        print(f"{who} has lock {first}")
        print(f"{who} wants lock {second}")
        with locks[second]:
            print(f"{who} has both locks")


def main() -> None:
    # 2. A names lock 1 and lock 2, B the other way round
    threads = [
        threading.Thread(target=work, args=("A", 1, 2)),
        threading.Thread(target=work, args=("B", 2, 1)),
    ]
    for thread in threads:
        thread.start()

    # 3. Wait for both: this always ends
    for thread in threads:
        thread.join()
    print("both have ended")


if __name__ == "__main__":
    main()
