"""Waits for ever for the one thing that is asked for."""

import asyncio
import sys


class Stuck:
    async def queue(self):
        await asyncio.Queue().get()

    async def event(self):
        await asyncio.Event().wait()

    async def condition(self):
        condition = asyncio.Condition()
        async with condition:
            await condition.wait()

    async def future(self):
        await asyncio.get_running_loop().create_future()

    async def task(self):
        await asyncio.create_task(self.future())

    async def gather(self):
        await asyncio.gather(self.future(), self.event(), asyncio.sleep(0))

    async def lock(self):
        lock = asyncio.Lock()

        async def hold():
            async with lock:
                await self.future()

        holder = asyncio.create_task(hold())
        await asyncio.sleep(0)
        async with lock:
            holder.cancel()

    async def itself(self):
        lock = asyncio.Lock()
        async with lock:
            await lock.acquire()

    async def semaphore(self):
        semaphore = asyncio.Semaphore(1)
        await semaphore.acquire()
        await semaphore.acquire()


asyncio.run(getattr(Stuck(), sys.argv[1])())
