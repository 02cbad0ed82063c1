"""The same stream, left in the middle of `async for` and not closed: the
loop does that at its end, long after the last number."""

import asyncio
from collections.abc import AsyncGenerator


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
    # 1. Leave the stream at its third number
    source = numbers()
    async for number in source:
        print(f"used {number}")
        if number == 3:
            break

    # 2. It is still open
    print("main goes on")


if __name__ == "__main__":
    # 3. Leaving the loop closes it
    asyncio.run(main())
