"""Three runners meet after each lap, and one of them tells the time.

The barrier's action is run by one of those who wait, before any of them goes
on: nobody is on the next lap yet.
"""

import threading

RUNNERS = 3
LAPS = 3


# 1. What is to be done between two laps: once, while all wait
class Timekeeper:
    def __init__(self) -> None:
        self.lap = 0

    def tell(self) -> None:
        self.lap += 1
        print(f"lap {self.lap} is over")


# 2. Run a lap, and meet the others
def run(who: int, meeting: threading.Barrier) -> None:
    for lap in range(1, LAPS + 1):
        print(f"runner {who} runs lap {lap}")
        meeting.wait()


def main() -> None:
    # 3. One barrier for all laps; it runs the action each time
    meeting = threading.Barrier(RUNNERS, action=Timekeeper().tell)
    runners = [
        threading.Thread(target=run, args=(who, meeting))
        for who in range(1, RUNNERS + 1)
    ]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()


if __name__ == "__main__":
    main()
