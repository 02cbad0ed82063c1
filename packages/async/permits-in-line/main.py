"""One permit, and two who wait for it. Whoever gives it back, and wants it
again at once, has to stand in line behind them."""

import asyncio


async def enter(who: str, door: asyncio.Semaphore) -> None:
    print(f"{who} comes")
    async with door:
        print(f"{who} enters")


async def main() -> None:
    # 1. Main is inside, and two are waiting
    door = asyncio.Semaphore(1)
    await door.acquire()
    ann = asyncio.create_task(enter("ann", door))
    bob = asyncio.create_task(enter("bob", door))
    await asyncio.sleep(0)

    # 2. It gives the permit back: that goes to the first in line
    door.release()
    print(f"nobody is inside: {'no' if door.locked() else 'yes'}")

    # 3. It is the last in line now
    await enter("main", door)
    await asyncio.gather(ann, bob)


if __name__ == "__main__":
    asyncio.run(main())
