"""The same with timers: the first is done at 10 ms, the second begins at 10.4 ms."""

import asyncio
import contextlib
import sys

OK = "ok" in sys.argv


async def add(account, lock, before, within):
    await asyncio.sleep(before)
    async with lock:
        seen = account["balance"]
        await asyncio.sleep(within)
        account["balance"] = seen + 1


async def main():
    account, lock = {"balance": 0}, asyncio.Lock() if OK else contextlib.AsyncExitStack()
    await asyncio.gather(add(account, lock, 0.0104, 0.001), add(account, lock, 0.005, 0.005))
    assert account["balance"] == 2, account


if __name__ == "__main__":
    asyncio.run(main())
