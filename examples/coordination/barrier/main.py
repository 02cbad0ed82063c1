"""Three workers go through two phases; none starts one ahead of the rest.

At each barrier one of them, and no more, is told that it is the leader.
"""

import threading

WORKERS = 3
PHASES = 2


# 1. Do the phase's work, then wait for the others; one is picked as leader
def work(who: int, barrier: threading.Barrier) -> None:
    for phase in range(1, PHASES + 1):
        print(f"worker {who} has done phase {phase}")
        if barrier.wait() == 0:
            print(f"worker {who} leads out of phase {phase}")


def main() -> None:
    # 2. One barrier serves all phases: it starts afresh when it has opened
    barrier = threading.Barrier(WORKERS)
    workers = [
        threading.Thread(target=work, args=(who, barrier))
        for who in range(1, WORKERS + 1)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
