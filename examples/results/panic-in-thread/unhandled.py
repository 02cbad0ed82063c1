"""Nobody asks for a plain thread's result, so nobody can catch what it
raises: threading.excepthook reports it, and main goes on as if all were well.
"""

from threading import Thread


def average(numbers: list[int]) -> float:
    print("averager divides")
    return sum(numbers) / len(numbers)


def main() -> None:
    # 1. Start a thread that will fail
    thread = Thread(target=average, args=([],), name="averager")
    thread.start()
    print("main waits")

    # 2. join only waits: it hands over neither a result nor an exception
    thread.join()

    # 3. So this is reached, and the exit code is 0
    print("main goes on")


if __name__ == "__main__":
    main()
