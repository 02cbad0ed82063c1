"""Two readers may look at the same list at the same time, and both have ended
before anything after their scope runs."""

from concurrent.futures import ThreadPoolExecutor


def tell_length(numbers: list[int]) -> None:
    print(f"length: {len(numbers)}")


def tell_each(numbers: list[int]) -> None:
    for n in numbers:
        print(n)


def main() -> None:
    numbers = [1, 2, 3]

    # 1. Open a scope for threads
    with ThreadPoolExecutor() as pool:
        # 2. Let two readers share the list
        pool.submit(tell_length, numbers)
        pool.submit(tell_each, numbers)

    # 3. Leaving the scope has waited for both
    print(f"sum: {sum(numbers)}")


if __name__ == "__main__":
    main()
