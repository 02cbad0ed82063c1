"""Two threads take two locks in opposite order, and may get away with it.

It takes a switch at the wrong moment for each to hold what the other wants.
"""

import threading

locks = {1: threading.Lock(), 2: threading.Lock()}


# 1. Take one lock, then the second
def work(who: str, first: int, second: int) -> None:
    with locks[first]:
        print(f"{who} has lock {first}")
        print(f"{who} wants lock {second}")
        with locks[second]:
            print(f"{who} has both locks")


def main() -> None:
    # 2. A goes from lock 1 to lock 2, B the other way round
    #    (daemon threads, or Python would still wait for them after Ctrl-C)
    threads = [
        threading.Thread(target=work, args=("A", 1, 2), daemon=True),
        threading.Thread(target=work, args=("B", 2, 1), daemon=True),
    ]
    for thread in threads:
        thread.start()

    # 3. Wait for both: this may or may not end
    for thread in threads:
        thread.join()
    print("both have ended")


if __name__ == "__main__":
    main()
