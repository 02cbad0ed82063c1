"""Two answers are asked for, and the first one is taken. The one that is
late is a task of its own: it goes on, and arrives later."""

import asyncio


async def ask(who: str, ready: asyncio.Event) -> str:
    print(f"{who} is asked")
    await ready.wait()
    print(f"{who} answers")
    return who


async def main() -> None:
    # 1. Ask both; only one can answer so far
    early, late = asyncio.Event(), asyncio.Event()
    fast = asyncio.create_task(ask("fast", early))
    slow = asyncio.create_task(ask("slow", late))
    early.set()

    # 2. Wait until one has answered
    done, _ = await asyncio.wait(
        [fast, slow], return_when=asyncio.FIRST_COMPLETED
    )
    print(f"first: {done.pop().result()}")

    # 3. Nobody has stopped the other: now it can answer, and does
    late.set()
    await asyncio.sleep(0)
    print("main ends")


if __name__ == "__main__":
    asyncio.run(main())
