"""Three counters on one thread take turns: each `await` may let the next one
go on. An async function that is called has not begun."""

import asyncio


async def count(who: str) -> int:
    for i in range(3):
        print(f"{who} counts {i}")
        await asyncio.sleep(0)
    return len(who)


async def main() -> None:
    # 1. To call an async function is only to make a coroutine
    ann, bob, cho = count("ann"), count("bob"), count("cho")
    print("nobody has begun")

    # 2. Wait for all three together: they begin, and take turns
    letters = await asyncio.gather(ann, bob, cho)
    print(f"letters: {sum(letters)}")


if __name__ == "__main__":
    asyncio.run(main())
