"""Five philosophers at a round table, five forks, and it takes two to eat.

Each takes the fork on the left first. When all have done so at once, each
waits for a neighbour, for ever. Stop it with Ctrl-C.
"""

import threading

SEATS = 5

forks = [threading.Lock() for _ in range(SEATS)]


# 1. Take both forks, the left one first, and eat
def dine(seat: int) -> None:
    first, second = seat, (seat + 1) % SEATS
    with forks[first]:
        print(f"philosopher {seat} has fork {first}")
        with forks[second]:
            print(f"philosopher {seat} begins to eat")
            print(f"philosopher {seat} has eaten")


def main() -> None:
    # 2. All come to the table
    #    (daemon threads, or Python would still wait for them after Ctrl-C)
    table = [
        threading.Thread(target=dine, args=(seat,), daemon=True)
        for seat in range(SEATS)
    ]
    for philosopher in table:
        philosopher.start()

    # 3. Wait for all: this may or may not end
    for philosopher in table:
        philosopher.join()
    print("all have eaten")


if __name__ == "__main__":
    main()
