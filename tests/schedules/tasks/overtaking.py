"""A callback and a cancellation stand between steps of tasks; each says when its turn comes."""

import asyncio


async def say(text):
    print(text)


async def wait_for_ever():
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        print("cancelled")


async def main():
    loop = asyncio.get_running_loop()
    waiting = asyncio.create_task(wait_for_ever())
    await asyncio.sleep(0)
    tasks = [asyncio.create_task(say("a")), asyncio.create_task(say("b"))]
    loop.call_soon(print, "callback")
    tasks.append(asyncio.create_task(say("c")))
    loop.call_soon(waiting.cancel)
    tasks.append(asyncio.create_task(say("d")))
    await asyncio.gather(waiting, *tasks)


asyncio.run(main())
