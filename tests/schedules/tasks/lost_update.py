"""Read, wait, write back: two of these that overlap lose one. Plainly the second comes later."""

import asyncio
import contextlib
import sys

OK = "ok" in sys.argv


async def add(account, lock, before):
    for _ in range(before):
        await asyncio.sleep(0)
    async with lock:
        seen = account["balance"]
        await asyncio.sleep(0)
        account["balance"] = seen + 1


async def main():
    account, lock = {"balance": 0}, asyncio.Lock() if OK else contextlib.AsyncExitStack()
    await asyncio.gather(add(account, lock, 0), add(account, lock, 3))
    assert account["balance"] == 2, account


if __name__ == "__main__":
    asyncio.run(main())
