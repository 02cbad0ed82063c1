"""Two threads want in where only one may be, and there is no lock.

Each raises its flag, then looks whether the other's is up. Whoever raised it
second sees the first one's flag, so they are never both in.
"""

from concurrent.futures import ThreadPoolExecutor

wants_in = {"ann": False, "bob": False}


# 1. Say that you want in, then look whether the other does
def enter(me: str, other: str) -> str:
    wants_in[me] = True
    return "out" if wants_in[other] else "in"


def main() -> None:
    # 2. Both try
    with ThreadPoolExecutor() as pool:
        ann = pool.submit(enter, "ann", "bob")
        bob = pool.submit(enter, "bob", "ann")

    # 3. Are they both in?
    print(f"ann is {ann.result()}, bob is {bob.result()}")


if __name__ == "__main__":
    main()
