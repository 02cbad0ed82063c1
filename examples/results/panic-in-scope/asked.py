"""One of two threads fails, and main asks both how they ended.

A pool's future keeps the exception for whoever asks.
"""

from concurrent.futures import ThreadPoolExecutor


def divide(number: int) -> int:
    return 100 // number


def main() -> None:
    # 1. Start one that fails and one that does not
    with ThreadPoolExecutor() as pool:
        futures = [pool.submit(divide, number) for number in (0, 4)]

        # 2. Ask each: the failure is handled, and goes no further
        for future in futures:
            if future.exception():
                print("one has failed")
            else:
                print(f"one has come to {future.result()}")

    # 3. So this is reached, and main knows
    print("all have been asked")


if __name__ == "__main__":
    main()
