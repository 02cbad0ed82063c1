"""A server is told to stop. Whatever it has begun it finishes, and whoever
still waits in line is refused: nobody is left without an answer."""

import asyncio


async def handle(who: str, database: asyncio.Event) -> None:
    await database.wait()
    print(f"{who} is answered")


async def accept(
    requests: asyncio.Queue[str],
    in_flight: asyncio.TaskGroup,
    database: asyncio.Event,
) -> None:
    while True:
        who = await requests.get()
        print(f"{who} is accepted")
        in_flight.create_task(handle(who, database))


async def main() -> None:
    requests: asyncio.Queue[str] = asyncio.Queue()
    database = asyncio.Event()

    # 1. Each request becomes a task of the group, as long as any come
    async with asyncio.TaskGroup() as in_flight:
        door = in_flight.create_task(accept(requests, in_flight, database))
        for who in ("ann", "bob"):
            requests.put_nowait(who)
            await asyncio.sleep(0)

        # 2. Close the door, then let those finish who are inside
        door.cancel()
        print("the server is told to stop")
        requests.put_nowait("cho")
        database.set()

    # 3. All that was accepted is answered; the rest is refused
    while not requests.empty():
        print(f"{requests.get_nowait()} is refused")
    print("the server has stopped")


if __name__ == "__main__":
    asyncio.run(main())
