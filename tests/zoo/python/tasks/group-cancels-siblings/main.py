import asyncio


async def wait_long():
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        print("sibling cancelled")
        raise


async def fail(started):
    await started.wait()
    raise ValueError("broken")


async def main():
    started = asyncio.Event()
    try:
        async with asyncio.TaskGroup() as group:
            sibling = group.create_task(wait_long())
            group.create_task(fail(started))
            await asyncio.sleep(0)
            started.set()
    except* ValueError as errors:
        print("group failed:", *errors.exceptions)
    print("cancelled:", sibling.cancelled())


asyncio.run(main())
