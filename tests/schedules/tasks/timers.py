"""Timers: three at the very same time (`tie`), or a near pair, the later of which is set first."""

import asyncio
import sys


async def ties():
    loop = asyncio.get_running_loop()
    when = loop.time() + 1
    for name in "abc":
        loop.call_at(when, print, name)
    await asyncio.sleep(2)


async def near():
    async def wait(name, *delays):
        for delay in delays:
            await asyncio.sleep(delay)
        print(name)

    await asyncio.gather(wait("whole", 0.0104), wait("halves", 0.005, 0.005))


async def far():
    async def wait(name, delay):
        await asyncio.sleep(delay)
        print(name)

    await asyncio.gather(wait("a minute", 50), wait("a second", 1))


asyncio.run(globals()[sys.argv[1]]())
