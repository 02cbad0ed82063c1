"""Two workers cut four cakes, and one of the jobs fails.

The pool keeps the failure with its job: the worker goes on with the next one,
and whoever asks for that result, and nobody else, gets the exception.
"""

from concurrent.futures import ThreadPoolExecutor

WORKERS = 2
GUESTS = [0, 1, 2, 3]


def slices_each(guests: int) -> int:
    return 12 // guests


def main() -> None:
    # 1. All jobs are handed in; the failing one is done like the others
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        jobs = [pool.submit(slices_each, guests) for guests in GUESTS]

    # 2. Ask for each result
    for guests, job in zip(GUESTS, jobs):
        try:
            print(f"{guests} guests: {job.result()} slices each")
        except ZeroDivisionError:
            print(f"{guests} guests: failed")


if __name__ == "__main__":
    main()
