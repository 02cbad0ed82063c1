import asyncio


async def fetch(n, delay):
    await asyncio.sleep(delay)
    print(f"fetched {n}")
    return n * 10


async def main():
    results = await asyncio.gather(fetch(1, 0.03), fetch(2, 0.01), fetch(3, 0.02))
    print("results:", *results)
    outcomes = await asyncio.gather(fetch(4, 0), bad(), return_exceptions=True)
    print("outcomes:", outcomes[0], type(outcomes[1]).__name__)


async def bad():
    raise KeyError("no such thing")


asyncio.run(main())
