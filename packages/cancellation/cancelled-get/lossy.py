"""A reader who signs for a letter before it reads it: between the two it can
be cancelled, too, and then nobody has the letter."""

import asyncio


async def read(inbox: asyncio.Queue[str]) -> None:
    letter = await inbox.get()
    print(f"signed for: {letter}")
    await asyncio.sleep(0)
    print(f"read: {letter}")


async def main() -> None:
    # 1. A reader takes a letter, and waits for something else
    inbox: asyncio.Queue[str] = asyncio.Queue()
    inbox.put_nowait("hello")
    reader = asyncio.create_task(read(inbox))
    await asyncio.sleep(0)

    # 2. It is cancelled there
    reader.cancel()
    await asyncio.wait([reader])
    if reader.cancelled():
        print("the reader is cancelled")

    # 3. The letter has gone with it
    print(f"letters left: {inbox.qsize()}")


if __name__ == "__main__":
    asyncio.run(main())
