"""The same with timers that lie 20 ms apart: a slow machine brings them together."""

import asyncio
import sys

OK = "ok" in sys.argv


async def move(first, second, before):
    await asyncio.sleep(before)
    async with first:
        await asyncio.sleep(0.01)
        async with second:
            pass


async def main():
    left, right = asyncio.Lock(), asyncio.Lock()
    second = (left, right) if OK else (right, left)
    await asyncio.gather(move(left, right, 0.001), move(*second, 0.03))


if __name__ == "__main__":
    asyncio.run(main())
