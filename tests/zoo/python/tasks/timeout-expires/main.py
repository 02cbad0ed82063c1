import asyncio


async def main():
    loop = asyncio.get_running_loop()
    start = loop.time()
    try:
        async with asyncio.timeout(0.05):
            await asyncio.Event().wait()
    except TimeoutError:
        print(f"timed out: {loop.time() - start >= 0.04}")
    try:
        await asyncio.wait_for(asyncio.Event().wait(), timeout=0.01)
    except TimeoutError:
        print("timed out again")
    async with asyncio.timeout(None):
        print(f"no limit: {await asyncio.sleep(0, 'value')}")


asyncio.run(main())
