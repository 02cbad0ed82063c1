"""Two tasks belong together: when one of them fails, there is no use in the
other. A task group cancels it, and tells whoever opened the group."""

import asyncio


async def work() -> None:
    try:
        print("one is at work")
        await asyncio.Event().wait()
    finally:
        print("one is stopped")


async def fail() -> None:
    print("another fails")
    raise ValueError("out of luck")


async def main() -> None:
    try:
        # 1. Start both in a group
        async with asyncio.TaskGroup() as group:
            group.create_task(work())
            group.create_task(fail())

        # 2. The failure stops the other, and comes out of the block
    except* ValueError as failures:
        print(f"heard of it: {failures.exceptions[0]}")

    # 3. Nobody is left behind
    print("main goes on")


if __name__ == "__main__":
    asyncio.run(main())
