"""The same without a shield: the clean-up begins, and is cancelled at its
first await."""

import anyio


async def write(line: str) -> None:
    await anyio.lowlevel.checkpoint()
    print(f"written: {line}")


async def keep_a_diary() -> None:
    try:
        await write("dear diary")
        await anyio.sleep_forever()
    finally:
        # 2. Whatever is awaited here is cancelled, too
        print("the clean-up begins")
        await write("good night")


async def main() -> None:
    # 1. A task, which is cancelled as it waits
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(keep_a_diary)
        await anyio.wait_all_tasks_blocked()
        print("the task is told to end")
        tasks.cancel_scope.cancel()

    # 3. The group is left when its task has ended
    print("the group is left")


if __name__ == "__main__":
    anyio.run(main)
