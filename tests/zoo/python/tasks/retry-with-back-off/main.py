import asyncio
import random

attempts = 0


async def flaky():
    global attempts
    attempts += 1
    if attempts < 4:
        raise ConnectionError(f"attempt {attempts}")
    return "ok"


async def with_retries(call, base=0.01):
    for number in range(6):
        try:
            return await call()
        except ConnectionError as error:
            pause = base * 2**number * (1 + random.random())
            print(f"failed: {error}")
            await asyncio.sleep(pause)
    raise ConnectionError("given up")


async def main():
    loop = asyncio.get_running_loop()
    start = loop.time()
    print(f"result: {await with_retries(flaky)}")
    print(f"waited: {loop.time() - start >= 0.06}")


asyncio.run(main())
