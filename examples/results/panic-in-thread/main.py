"""A job that fails does not stop its thread or the other jobs: whoever asks
for its result gets its exception, may catch it, and goes on."""

from concurrent.futures import Future, ThreadPoolExecutor

GRADES = [70, 80, 92]


def average(numbers: list[int]) -> int:
    return int(sum(numbers) / len(numbers))


def fourth(numbers: list[int]) -> int:
    return numbers[3]


def report(future: Future[int]) -> None:
    # 3. Ask for the result: the job's exception is raised again, here
    try:
        print(f"result: {future.result()}")
    except (ZeroDivisionError, IndexError) as error:
        print(f"failed: {error}")


def main() -> None:
    with ThreadPoolExecutor() as pool:
        # 1. A job that succeeds
        report(pool.submit(average, GRADES))

        # 2. Two that fail, each in its own way
        report(pool.submit(average, []))
        report(pool.submit(fourth, GRADES))

    # 4. Nobody else was harmed
    print("main goes on")


if __name__ == "__main__":
    main()
