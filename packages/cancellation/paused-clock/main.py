"""Limits of an hour, tried in no time: this loop's clock stands still while
anybody can go on, and moves to the next timer when nobody can."""

import asyncio
import selectors
import time


# 1. A clock that moves only when the loop would have to wait
class PausedClock(selectors.DefaultSelector):
    now = 0.0

    def select(
        self, timeout: float | None = None
    ) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(timeout and 0)
        if timeout and not ready:
            self.now += timeout
        return ready


class PausedLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.clock = PausedClock()
        super().__init__(self.clock)

    def time(self) -> float:
        return self.clock.now


async def ask(who: str, minutes: int) -> None:
    begin = asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout(3600):
            await asyncio.sleep(minutes * 60)
        ending = "answers"
    except TimeoutError:
        ending = "is given up"
    end = asyncio.get_running_loop().time()
    print(f"{who} {ending} after {(end - begin) / 60:g} minutes")


async def main() -> None:
    # 2. One is quick enough for a limit of an hour, one is not
    begin = time.monotonic()
    await asyncio.gather(ask("ann", 30), ask("bob", 90))

    # 3. The clock on the wall has hardly moved
    print(f"on the wall: {(time.monotonic() - begin) // 60:g} minutes")


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=PausedLoop) as runner:
        runner.run(main())
