"""A notification that nobody waits for yet is lost."""

import asyncio
import sys

OK = "ok" in sys.argv


async def main():
    state, changed = {"ready": False}, asyncio.Condition()

    async def consume():
        async with changed:
            if OK:
                await changed.wait_for(lambda: state["ready"])
            else:
                await changed.wait()

    async def produce():
        async with changed:
            state["ready"] = True
            changed.notify()

    await asyncio.gather(consume(), produce())


if __name__ == "__main__":
    asyncio.run(main())
