"""A task looks again and again, and gives way, until another's timer has come."""

import asyncio


async def look(seen):
    while not seen:
        await asyncio.sleep(0)


async def main():
    seen = []
    looking = asyncio.create_task(look(seen))
    await asyncio.sleep(0.5)
    seen.append(True)
    await looking
    print("seen")


asyncio.run(main())
