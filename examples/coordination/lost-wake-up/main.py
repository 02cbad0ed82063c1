"""A courier rings once; nobody hears it who is not listening just then.

A condition variable keeps no rings: whoever begins to wait after the ring
may wait for ever. Stop it with Ctrl-C.
"""

import threading

bell = threading.Condition()


# 1. Listen for the bell, and look at nothing else
def receive() -> None:
    with bell:
        print("receiver comes")
        bell.wait()
    print("parcel taken in")


# 2. Leave the parcel and ring, whether anybody listens or not
def deliver() -> None:
    with bell:
        print("parcel left at the door")
        bell.notify()


def main() -> None:
    # 3. Who comes first, the receiver or the courier?
    #    (a daemon thread, or Python would still wait for it after Ctrl-C)
    receiver = threading.Thread(target=receive, daemon=True)
    receiver.start()
    deliver()
    receiver.join()
    print("all is well")


if __name__ == "__main__":
    main()
