"""The thread that computes a value for all fails.

`cache` keeps results, and an exception is none: the next call tries again.
"""

from functools import cache
from itertools import count
from threading import Thread

attempts = count(1)


def fetch() -> str:
    attempt = next(attempts)
    print(f"attempt {attempt}")
    if attempt == 1:
        raise ConnectionError("no network")
    return "the news"


# 1. Fetch once for all, when it is first needed
@cache
def news() -> str:
    return fetch()


def read(who: str) -> None:
    print(f"{who} reads {news()}")


def main() -> None:
    # 2. Ann's attempt fails, bob's succeeds, and eve need not try
    for who in ("ann", "bob", "eve"):
        reader = Thread(target=read, args=(who,), name=who)
        reader.start()
        reader.join()


if __name__ == "__main__":
    main()
