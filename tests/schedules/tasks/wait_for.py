"""A result at 10.2 ms and a limit of 10.5 ms."""

import asyncio
import sys

OK = "ok" in sys.argv


async def main():
    loop = asyncio.get_running_loop()
    answer = loop.create_future()

    async def limited():
        try:
            return await asyncio.wait_for(asyncio.shield(answer), 0.0105)
        except asyncio.TimeoutError:
            return await answer if OK else "late"

    waiting = asyncio.create_task(limited())
    await asyncio.sleep(0)
    loop.call_later(0.0102, answer.set_result, "right")
    assert await waiting == "right"


if __name__ == "__main__":
    asyncio.run(main())
