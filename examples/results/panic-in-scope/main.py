"""One of two threads fails, and nobody asks.

stderr is told, and the program goes on as if all were well.
"""

from threading import Thread


def divide(number: int) -> None:
    print(f"100 / {number} = {100 // number}")


def main() -> None:
    # 1. Start one that fails and one that does not
    threads = [Thread(target=divide, args=(number,)) for number in (0, 4)]
    for thread in threads:
        thread.start()

    # 2. Wait for both: join does not tell how a thread ended
    for thread in threads:
        thread.join()

    # 3. So this is reached
    print("all went well")


if __name__ == "__main__":
    main()
