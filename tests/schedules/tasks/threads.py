"""Two threads report to the loop."""

import asyncio
import sys

OK = "ok" in sys.argv


async def main():
    loop, seen = asyncio.get_running_loop(), []

    def work(name):
        loop.call_soon_threadsafe(seen.append, name)
        return name

    await asyncio.gather(asyncio.to_thread(work, "a"), asyncio.to_thread(work, "b"))
    assert (sorted(seen) if OK else seen) == ["a", "b"], seen


if __name__ == "__main__":
    asyncio.run(main())
