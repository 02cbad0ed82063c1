"""asyncio: gather, sleep, Queue, Lock, to_thread, run_in_executor."""

import asyncio
import time


def slow(number):
    time.sleep(0.01)
    return number


async def produce(items):
    for number in range(3):
        await items.put(number)
        await asyncio.sleep(0.001)


async def consume(items, lock):
    taken = []
    for _ in range(3):
        async with lock:
            taken.append(await items.get())
    return taken


async def main():
    items, lock = asyncio.Queue(1), asyncio.Lock()
    taken, _ = await asyncio.gather(consume(items, lock), produce(items))
    print(taken)
    print(await asyncio.gather(*(asyncio.to_thread(slow, number) for number in range(3))))
    print(await asyncio.get_running_loop().run_in_executor(None, slow, 7))
    start = time.monotonic()
    await asyncio.gather(*(asyncio.sleep(second) for second in (1, 2, 3)))
    print(round(time.monotonic() - start))


asyncio.run(main())
