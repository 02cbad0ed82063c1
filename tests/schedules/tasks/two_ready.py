"""Two tasks that are ready at once; whoever relies on their order relies on the loop."""

import asyncio
import sys

OK = "ok" in sys.argv


async def note(seen, name):
    seen.append(name)


async def main():
    seen = []
    await asyncio.gather(note(seen, "a"), note(seen, "b"))
    assert (sorted(seen) if OK else seen) == ["a", "b"], seen


if __name__ == "__main__":
    asyncio.run(main())
