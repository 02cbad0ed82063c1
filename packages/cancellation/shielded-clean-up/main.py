"""A task that is cancelled has something to do before it ends, and that has
an `await` in it. In a cancelled scope every await is cancelled, so the
clean-up needs a shield."""

import anyio


async def write(line: str) -> None:
    await anyio.lowlevel.checkpoint()
    print(f"written: {line}")


async def keep_a_diary() -> None:
    try:
        await write("dear diary")
        await anyio.sleep_forever()
    finally:
        # 2. What has to be awaited in spite of the cancellation
        with anyio.CancelScope(shield=True):
            await write("good night")


async def main() -> None:
    # 1. A task, which is cancelled as it waits
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(keep_a_diary)
        await anyio.wait_all_tasks_blocked()
        print("the task is told to end")
        tasks.cancel_scope.cancel()

    # 3. The group is left when its task has cleaned up
    print("the group is left")


if __name__ == "__main__":
    anyio.run(main)
