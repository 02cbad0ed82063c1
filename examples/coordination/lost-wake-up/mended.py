"""A courier leaves a parcel and rings; the receiver looks at the door first.

The parcel lies there whether or not anybody heard the bell.
"""

import threading


class Door:
    def __init__(self) -> None:
        self.bell = threading.Condition()
        self.parcel = False


# 1. Look whether the parcel is there; listen for the bell only if not
def receive(door: Door) -> None:
    with door.bell:
        print("receiver comes")
        door.bell.wait_for(lambda: door.parcel)
    print("parcel taken in")


# 2. Leave the parcel where it will be seen, and ring
def deliver(door: Door) -> None:
    with door.bell:
        door.parcel = True
        print("parcel left at the door")
        door.bell.notify()


def main() -> None:
    # 3. Now it does not matter who comes first
    door = Door()
    receiver = threading.Thread(target=receive, args=(door,))
    receiver.start()
    deliver(door)
    receiver.join()
    print("all is well")


if __name__ == "__main__":
    main()
