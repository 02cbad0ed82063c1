"""Ten waits at once in a single thread: at each await that has to wait, the
event loop goes on with another task. Nothing runs in parallel, or needs to.
"""

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
    # 1. Make ten waits: nothing runs yet
    arrived: list[int] = []
    gate = asyncio.Event()
    waits = [wait(i, arrived, gate) for i in range(WAITS)]

    # 3. Start them as tasks, and wait for all
    await asyncio.gather(*waits)
    print(f"waited: {len(arrived)}")


if __name__ == "__main__":
    asyncio.run(main())
