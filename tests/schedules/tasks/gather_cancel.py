"""gather raises at 10 ms; its other child goes on, and may be done before anybody cancels it."""

import asyncio
import sys

OK = "ok" in sys.argv


async def main():
    saved = []

    async def fail():
        await asyncio.sleep(0.010)
        raise ValueError

    async def save():
        await asyncio.sleep(0.0104)
        saved.append(1)

    children = [asyncio.ensure_future(fail()), asyncio.ensure_future(save())]
    try:
        await asyncio.gather(*children)
    except ValueError:
        children[1].cancel()
        await asyncio.wait({children[1]})
    assert OK or not saved, saved


if __name__ == "__main__":
    asyncio.run(main())
