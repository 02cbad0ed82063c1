"""A get that is given up: cancelled a moment too late, it takes its item along."""

import asyncio
import sys

OK = "ok" in sys.argv


async def main():
    queue, got = asyncio.Queue(), []

    async def produce():
        await asyncio.sleep(0.0105)
        queue.put_nowait("item")

    producer = asyncio.create_task(produce())
    getting = asyncio.create_task(queue.get())
    await asyncio.wait({getting}, timeout=0.01)
    if getting.done():
        got.append(getting.result())
    elif OK:
        for _ in range(2):
            await asyncio.sleep(0)
        getting.cancel()
        await asyncio.wait({getting})
        if not getting.cancelled():
            got.append(getting.result())
    else:
        for _ in range(2):
            await asyncio.sleep(0)
        getting.cancel()
    await producer
    while not queue.empty():
        got.append(queue.get_nowait())
    assert got == ["item"], got


if __name__ == "__main__":
    asyncio.run(main())
