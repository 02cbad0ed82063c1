"""Five philosophers at a round table, five forks, and it takes two to eat.

Each takes the lower fork first. So nobody who holds the highest one waits,
and the table cannot be full of philosophers with one fork each.
"""

import threading

SEATS = 5

forks = [threading.Lock() for _ in range(SEATS)]


# 1. Take both forks, the lower one first, and eat
def dine(seat: int) -> None:
    first, second = sorted((seat, (seat + 1) % SEATS))
    with forks[first]:
        print(f"philosopher {seat} has fork {first}")
        with forks[second]:
            print(f"philosopher {seat} begins to eat")
            print(f"philosopher {seat} has eaten")


def main() -> None:
    # 2. All come to the table
    table = [
        threading.Thread(target=dine, args=(seat,)) for seat in range(SEATS)
    ]
    for philosopher in table:
        philosopher.start()

    # 3. Wait for all: this always ends
    for philosopher in table:
        philosopher.join()
    print("all have eaten")


if __name__ == "__main__":
    main()
