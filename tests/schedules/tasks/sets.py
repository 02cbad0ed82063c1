"""What asyncio takes from sets, or a loop of one's own."""

import asyncio
import sys


async def end():
    await asyncio.sleep(0)


async def last():
    await asyncio.Event().wait()


async def wait(count):
    await asyncio.wait({asyncio.ensure_future(end()) for _ in range(count)})


async def completed(count):
    for each in asyncio.as_completed([asyncio.ensure_future(end()) for _ in range(count)]):
        await each


async def leftovers(count):
    global tasks
    tasks = [asyncio.ensure_future(last()) for _ in range(count)]
    await asyncio.sleep(0)


async def group(count):
    async def fail():
        await asyncio.sleep(0)
        raise ValueError

    try:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(count):
                tasks.create_task(last())
            tasks.create_task(fail())
    except BaseException:
        pass


class Own(asyncio.SelectorEventLoop):
    def _run_once(self):
        super()._run_once()


what, count = sys.argv[1], int(sys.argv[2])
if what == "own":
    Own().run_until_complete(end())
else:
    asyncio.run(globals()[what](count))
