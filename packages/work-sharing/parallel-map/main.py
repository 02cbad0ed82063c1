"""Two processes square six numbers. The jobs may end in any order; `map`
gives the results in the order of the numbers all the same."""

from concurrent.futures import ProcessPoolExecutor, as_completed


def square(number: int) -> int:
    return number * number


def main() -> None:
    numbers = range(1, 7)
    with ProcessPoolExecutor(max_workers=2) as pool:
        # 1. All results, in the order of the numbers
        squares = list(pool.map(square, numbers))
        print(f"in order: {squares}")

        # 2. Each result when it is there
        jobs = [pool.submit(square, number) for number in numbers]
        for job in as_completed(jobs):
            print(f"ready: {job.result()}")


# A worker may import this file anew, and must not start workers then.
if __name__ == "__main__":
    main()
