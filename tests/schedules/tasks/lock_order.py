"""Two locks taken in opposite order; in plain runs the second task comes when the first is done."""

import asyncio
import sys

OK = "ok" in sys.argv


async def move(first, second, before):
    for _ in range(before):
        await asyncio.sleep(0)
    async with first:
        await asyncio.sleep(0)
        async with second:
            pass


async def main():
    left, right = asyncio.Lock(), asyncio.Lock()
    second = (left, right) if OK else (right, left)
    await asyncio.gather(move(left, right, 0), move(*second, 2))


if __name__ == "__main__":
    asyncio.run(main())
