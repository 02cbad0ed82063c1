"""A timer is a thread that waits, then calls a function, unless cancelled.

Cancelling ends the wait. A function that has begun is not stopped.
"""

from threading import Event, Timer

ringing = Event()


def ring(what: str) -> None:
    print(f"{what} begins to ring")
    ringing.set()
    print(f"{what} has rung")


# 1. Cancel it, and wait for the end of its thread: now it is certain
def call_off(what: str, timer: Timer) -> None:
    timer.cancel()
    print(f"{what} is cancelled")
    timer.join()
    print(f"{what} is off")


def main() -> None:
    # 2. One that waits is cancelled in time: it does not ring
    cake = Timer(3600.0, ring, ["cake"])
    cake.start()
    call_off("cake", cake)

    # 3. One that has begun to ring goes on
    tea = Timer(0.001, ring, ["tea"])
    tea.start()
    ringing.wait()
    call_off("tea", tea)


if __name__ == "__main__":
    main()
