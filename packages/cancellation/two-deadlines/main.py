"""One limit within another, and both are over in the same moment. The task
is asked twice to stop, and the outer limit alone tells of it."""

import asyncio


async def main() -> None:
    # 1. The same deadline for both
    deadline = asyncio.get_running_loop().time() + 0.01
    try:
        async with asyncio.timeout_at(deadline) as outer:
            try:
                async with asyncio.timeout_at(deadline) as inner:
                    await asyncio.Event().wait()
            except TimeoutError:
                print("the inner limit tells of it")

            # 2. What would be done instead
            print("the outer block goes on")
    except TimeoutError:
        print("the outer limit tells of it")

    # 3. Both are over all the same
    if inner.expired() and outer.expired():
        print("both are over")


if __name__ == "__main__":
    asyncio.run(main())
