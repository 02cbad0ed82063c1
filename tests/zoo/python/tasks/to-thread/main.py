import asyncio
import threading

gate = threading.Event()


def block():
    gate.wait()
    return threading.current_thread() is threading.main_thread()


async def main():
    blocked = asyncio.create_task(asyncio.to_thread(block))
    for n in range(3):
        await asyncio.sleep(0.01)
        print(f"tick {n}")
    gate.set()
    print(f"in main's thread: {await blocked}")


asyncio.run(main())
