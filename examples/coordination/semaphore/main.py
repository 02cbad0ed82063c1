"""A semaphore lets up to three threads in at a time.

Whoever is inside waits for two companions, so the program ends only if three
can really be inside together.
"""

import threading

PERMITS = 3
WORKERS = 6


# 1. Take a permit, or wait for one; give it back at the end of the block
def work(
    who: int, permits: threading.Semaphore, company: threading.Barrier
) -> None:
    with permits:
        print(f"worker {who} enters")
        company.wait()
        print(f"worker {who} leaves")


def main() -> None:
    # 2. Three permits for six workers; company is three, too
    permits = threading.Semaphore(PERMITS)
    company = threading.Barrier(PERMITS)
    workers = [
        threading.Thread(target=work, args=(who, permits, company))
        for who in range(1, WORKERS + 1)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print("all have been in")


if __name__ == "__main__":
    main()
