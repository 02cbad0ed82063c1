"""New settings are made, then published; the others take what is there.

Whoever finds them finds them complete: the name is bound when the object has
been made, and not before.
"""

from concurrent.futures import ThreadPoolExecutor


class Settings:
    def __init__(self, hosts: int) -> None:
        self.hosts = hosts
        self.workers = 4 * hosts


current = Settings(2)


# 1. Make the whole, then publish it
def reload() -> None:
    global current
    current = Settings(3)


# 2. Take what is there, once, and go on with that
def serve() -> tuple[int, int]:
    settings = current
    return settings.hosts, settings.workers


def main() -> None:
    # 3. One serves while the settings change, another when they have
    with ThreadPoolExecutor() as pool:
        served = pool.submit(serve)
        reload()
    hosts, workers = served.result()
    print(f"meanwhile: {hosts} hosts, {workers} workers")
    hosts, workers = serve()
    print(f"afterwards: {hosts} hosts, {workers} workers")


if __name__ == "__main__":
    main()
