"""A task that is cancelled cleans up. It is told so at its next await, and
may wait for others even while it cleans up."""

import asyncio


async def work() -> None:
    try:
        print("work begins")
        await asyncio.Event().wait()
    finally:
        print("clean-up begins")
        await asyncio.sleep(0)
        print("clean-up ends")


async def main() -> None:
    # 1. A task that would wait for ever
    task = asyncio.create_task(work())
    await asyncio.sleep(0)

    # 2. To cancel is to ask: nothing happens before main lets it run
    task.cancel()
    print("asked to stop")
    await asyncio.sleep(0)
    print("main goes on")

    # 3. Wait until it has really ended
    try:
        await task
    except asyncio.CancelledError:
        print("it has ended")


if __name__ == "__main__":
    asyncio.run(main())
