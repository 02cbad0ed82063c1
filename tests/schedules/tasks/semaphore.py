"""Whoever asks first is served first; who asks first is another matter."""

import asyncio
import sys

OK = "ok" in sys.argv


async def main():
    served, gate = [], asyncio.Semaphore(1)

    async def use(name):
        async with gate:
            served.append(name)
            await asyncio.sleep(0)

    await asyncio.gather(*map(use, "abc"))
    assert (sorted(served) if OK else served) == ["a", "b", "c"], served


if __name__ == "__main__":
    asyncio.run(main())
