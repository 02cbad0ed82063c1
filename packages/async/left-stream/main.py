"""A stream makes a number when it is asked for the next one, and no sooner.
Whoever leaves it early has to close it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing


async def numbers() -> AsyncGenerator[int, None]:
    print("the source opens")
    try:
        number = 0
        while True:
            number += 1
            await asyncio.sleep(0)
            print(f"made {number}")
            yield number
    finally:
        print("the source closes")


async def main() -> None:
    # 1. To call it is only to make a generator
    source = numbers()
    print("nothing has begun")

    # 2. Each number is made when it is asked for
    async with aclosing(source):
        async for number in source:
            print(f"used {number}")
            if number == 3:
                break

    # 3. At the end of the block it is closed
    print("main goes on")


if __name__ == "__main__":
    asyncio.run(main())
