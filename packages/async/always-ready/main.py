"""A task whose queue is never empty never has to wait: its awaits give no
turn to anybody, as long as there is something to take."""

import asyncio

JOBS = 1_000


async def look(taken: list[int]) -> None:
    print(f"another has its turn after {len(taken)} jobs")


async def main() -> None:
    # 1. A queue that holds all its jobs from the start
    jobs: asyncio.Queue[int] = asyncio.Queue()
    for job in range(JOBS):
        jobs.put_nowait(job)

    # 2. Another task is ready to run, too
    taken: list[int] = []
    looker = asyncio.create_task(look(taken))

    # 3. There is an await for each job, and a job for each await
    while len(taken) < JOBS:
        taken.append(await jobs.get())
    print(f"main has taken {len(taken)} jobs")
    await looker


if __name__ == "__main__":
    asyncio.run(main())
