"""Main starts a task, does not wait for it, and ends. The loop is not left
before that task has had a turn, and has been told to stop."""

import asyncio


async def work() -> None:
    try:
        print("work begins")
        await asyncio.Event().wait()
    finally:
        print("work is stopped")


async def main() -> None:
    # 1. Start a task, and go without it
    task = asyncio.create_task(work())
    print(f"main ends, the task is done: {'yes' if task.done() else 'no'}")


if __name__ == "__main__":
    # 2. Leaving the loop stops what is left in it, and waits for that
    asyncio.run(main())
    print("the loop is left")
