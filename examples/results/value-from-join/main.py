"""What a thread returns goes to whoever waits for it."""

from concurrent.futures import ThreadPoolExecutor


def average_of(numbers: list[int]) -> float:
    return sum(numbers) / len(numbers)


def main() -> None:
    numbers = list(range(1001))

    with ThreadPoolExecutor(max_workers=1) as pool:
        # 1. Run the function in a thread
        future = pool.submit(average_of, numbers)

        # 2. Wait for it, and take what it returned
        average = future.result()

    # 3. Use it
    print(f"average: {average:.1f}")


if __name__ == "__main__":
    main()
