import asyncio


async def consume(name, condition, basket):
    async with condition:
        await condition.wait_for(lambda: basket)
        print(f"{name} takes {basket.pop(0)}")


async def produce(condition, basket):
    for item in ("apple", "pear"):
        async with condition:
            basket.append(item)
            condition.notify()
        await asyncio.sleep(0.01)


async def main():
    condition, basket = asyncio.Condition(), []
    await asyncio.gather(
        consume("ann", condition, basket),
        consume("ben", condition, basket),
        produce(condition, basket),
    )
    print(f"left: {len(basket)}")


asyncio.run(main())
