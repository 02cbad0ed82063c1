"""A service is started by whoever needs it first, and only by him.

The flag is looked at without the lock, since it is mostly set, and once more
with the lock, since somebody else may have been quicker.
"""

from threading import Lock, Thread


class Service:
    def __init__(self) -> None:
        self.lock = Lock()
        self.is_up = False

    def ensure_up(self) -> None:
        # 1. Mostly it is up, and no lock is needed
        if self.is_up:
            return
        with self.lock:
            # 2. Look again: is it still down, now that we have the lock?
            if not self.is_up:
                print("the service starts")
                print("the service is up")
                # 3. Say so when it is true, and not before
                self.is_up = True


def use(who: str, service: Service) -> None:
    service.ensure_up()
    print(f"{who} uses the service")


def main() -> None:
    # 4. Two threads need it
    service = Service()
    users = [
        Thread(target=use, args=(who, service)) for who in ("ann", "bob")
    ]
    for user in users:
        user.start()
    for user in users:
        user.join()


if __name__ == "__main__":
    main()
