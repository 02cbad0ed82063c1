"""The same sum, halved outside of the pool: its jobs wait for nobody, and two
workers are enough, or one."""

from concurrent.futures import ThreadPoolExecutor


def add(first: int, last: int) -> int:
    # 1. A small part is added up at once
    print(f"adds {first} and {last}")
    return first + last


def parts(first: int, last: int) -> list[tuple[int, int]]:
    # 2. A larger one is halved before anything is handed in
    if last - first < 2:
        return [(first, last)]
    print(f"halves {first} to {last}")
    middle = (first + last) // 2
    return parts(first, middle) + parts(middle + 1, last)


def main() -> None:
    # 3. Only main waits
    with ThreadPoolExecutor(max_workers=2) as pool:
        jobs = [pool.submit(add, *part) for part in parts(1, 8)]
        print(f"total: {sum(job.result() for job in jobs)}")


if __name__ == "__main__":
    main()
