"""A thread cannot be stopped from outside: it is asked to, and looks.

The flag is an event. The worker looks at it before each round.
"""

from threading import Event, Thread
from time import sleep


# 1. Go on until the flag is set; look at it before each round
def work(stop: Event) -> None:
    rounds = 0
    while not stop.is_set():
        sleep(0.001)
        rounds += 1
        print(f"worker ends round {rounds}")
    print(f"worker stops after {rounds} rounds")


def main() -> None:
    # 2. Start the worker, and do something else
    stop = Event()
    worker = Thread(target=work, args=(stop,))
    worker.start()
    sleep(0.004)

    # 3. Ask it to stop
    stop.set()
    print("the flag is set")

    # 4. Wait until it has
    worker.join()
    print("the worker has stopped")


if __name__ == "__main__":
    main()
