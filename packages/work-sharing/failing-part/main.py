"""Two processes cut cakes for eight parties, and for one of them there is
nobody to cut for. That job fails, and takes its chunk along."""

from concurrent.futures import ProcessPoolExecutor

GUESTS = [1, 2, 3, 4, 6, 12, 0, 5]


def slices_each(guests: int) -> int:
    return 12 // guests


def main() -> None:
    with ProcessPoolExecutor(max_workers=2) as pool:
        # 1. The failure comes out where the results are read
        results = pool.map(slices_each, GUESTS, chunksize=4)
        try:
            for guests, slices in zip(GUESTS, results):
                print(f"{guests} guests: {slices} slices each")
        except ZeroDivisionError:
            print("a job has failed")

        # 2. Each job by itself: a failure is one outcome of eight
        jobs = [pool.submit(slices_each, guests) for guests in GUESTS]
        kept = [job.result() for job in jobs if job.exception() is None]
        print(f"kept: {kept}")


# A worker may import this file anew, and must not start workers then.
if __name__ == "__main__":
    main()
