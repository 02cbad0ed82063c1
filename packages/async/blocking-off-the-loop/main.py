"""A function that blocks its thread would stop every task of the loop. In a
thread of its own it stops nobody."""

import asyncio
import threading


# 1. Ordinary code, which waits without await
def wait_for_start(start: threading.Event) -> str:
    print("the thread waits")
    start.wait()
    print("the thread goes on")
    return "ready"


async def count(start: threading.Event) -> None:
    for i in range(3):
        print(f"the loop counts {i}")
        await asyncio.sleep(0)
    print("the loop gives the start")
    start.set()


async def main() -> None:
    # 2. It waits for what a task of this loop will do
    start = threading.Event()
    answer, _ = await asyncio.gather(
        asyncio.to_thread(wait_for_start, start), count(start)
    )

    # 3. Its result comes back to the loop
    print(f"answer: {answer}")


if __name__ == "__main__":
    asyncio.run(main())
