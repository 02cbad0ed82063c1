import asyncio

inside = 0
most = 0


async def visit(who, lock, seats):
    global inside, most
    async with seats:
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.01)
        async with lock:
            print(f"{who} enters")
            await asyncio.sleep(0)
            print(f"{who} leaves")
        inside -= 1


async def main():
    lock, seats = asyncio.Lock(), asyncio.Semaphore(2)
    await asyncio.gather(*(visit(who, lock, seats) for who in ("ann", "ben", "eve")))
    print(f"most: {most}")


asyncio.run(main())
