import asyncio


async def work(name, jobs):
    while True:
        job = await jobs.get()
        print(f"{name} does {job}")
        await asyncio.sleep(0)
        jobs.task_done()


async def main():
    jobs = asyncio.Queue(maxsize=2)
    workers = [asyncio.create_task(work(name, jobs)) for name in ("w1", "w2")]
    for job in range(5):
        await jobs.put(job)
    await jobs.join()
    for worker in workers:
        worker.cancel()
    ends = await asyncio.gather(*workers, return_exceptions=True)
    print("cancelled:", sum(isinstance(end, asyncio.CancelledError) for end in ends))


asyncio.run(main())
