"""Two want the same page at the same time. Neither finds it there, and both
fetch it: the lock is let go between the look and the answer."""

from threading import Lock, Thread


def fetch(name: str) -> str:
    print(f"fetching {name}")
    print(f"{name} is here")
    return f"{name} of today"


class Pages:
    def __init__(self) -> None:
        self.lock = Lock()
        self.texts: dict[str, str] = {}

    def get(self, name: str) -> str:
        # 1. Is it here? Nobody changes anything meanwhile
        with self.lock:
            text = self.texts.get(name)

        # 2. If not, fetch it without the lock, and keep it for others
        if text is None:
            text = fetch(name)
            with self.lock:
                self.texts[name] = text
        return text


def read(who: str, name: str, pages: Pages) -> None:
    print(f"{who} reads {pages.get(name)}")


def main() -> None:
    # 3. Two want the news, one wants the sport
    pages = Pages()
    wanted = [("ann", "news"), ("bob", "news"), ("cho", "sport")]
    for who, name in wanted:
        Thread(target=read, args=(who, name, pages)).start()


if __name__ == "__main__":
    main()
