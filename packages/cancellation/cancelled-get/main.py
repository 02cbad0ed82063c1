"""A reader is cancelled in the very moment in which a letter arrives for it.
The letter stays in the queue for the next reader."""

import asyncio


async def read(inbox: asyncio.Queue[str]) -> None:
    print("a reader waits")
    letter = await inbox.get()
    print(f"read: {letter}")


async def main() -> None:
    # 1. A reader waits
    inbox: asyncio.Queue[str] = asyncio.Queue()
    reader = asyncio.create_task(read(inbox))
    await asyncio.sleep(0)

    # 2. A letter wakes it, and before it runs it is cancelled
    inbox.put_nowait("hello")
    reader.cancel()
    await asyncio.wait([reader])
    if reader.cancelled():
        print("the reader is cancelled")

    # 3. The letter is still there
    print(f"letters left: {inbox.qsize()}")
    await read(inbox)


if __name__ == "__main__":
    asyncio.run(main())
