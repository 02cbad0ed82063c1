"""Ten waits at once in a single thread: at each await the event loop goes on
with another task. Nothing here runs in parallel, and nothing needs to."""

import asyncio

WAITS = 10


async def wait(i: int, arrived: list[int], gate: asyncio.Event) -> None:
    # 2. The gate opens when all ten have come
    print(f"begin: {i}")
    arrived.append(i)
    if len(arrived) == WAITS:
        gate.set()
    await gate.wait()
    print(f"end: {i}")


async def main() -> None:
    # 1. Start ten waits
    arrived: list[int] = []
    gate = asyncio.Event()
    waits = [wait(i, arrived, gate) for i in range(WAITS)]

    # 3. Wait for all of them
    await asyncio.gather(*waits)
    print(f"waited: {len(arrived)}")


if __name__ == "__main__":
    asyncio.run(main())
