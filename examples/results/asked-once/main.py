"""Two want the same page at the same time. Whoever is first fetches it, and
the other one waits for that; who wants another page waits for neither."""

from threading import Lock, Thread
from typing import Optional


def fetch(name: str) -> str:
    print(f"fetching {name}")
    print(f"{name} is here")
    return f"{name} of today"


class Page:
    def __init__(self) -> None:
        self.lock = Lock()
        self.text: Optional[str] = None


class Pages:
    def __init__(self) -> None:
        self.lock = Lock()
        self.pages: dict[str, Page] = {}

    def get(self, name: str) -> str:
        # 1. The place of that page: for a moment all wait for each other
        with self.lock:
            page = self.pages.setdefault(name, Page())

        # 2. The page itself: only those wait who want the same one
        with page.lock:
            if page.text is None:
                page.text = fetch(name)
            return page.text


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
