"""A service is started by whoever needs it first, or so it seems.

The flag is looked at only before the lock is taken: whoever has to wait for
the lock acts on what was true before.
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
        # 2. It was down a moment ago: but is it still?
        with self.lock:
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
