"""W5 in CPython's asyncio: what one job costs, in nanoseconds, on stdout.

usage: python3 asyncio.py JOBS (done | yielding)
"""
import asyncio
import sys
import time

WORKERS = 8
PLACES = 1024
OUTSTANDING = 2048


async def done(number):
    return number


async def yielding(number):
    await asyncio.sleep(0)
    return number


async def work(queue, job):
    while True:
        number, result = await queue.get()
        result.set_result(await asyncio.wait_for(job(number), 1.0))


async def run(jobs, job):
    loop = asyncio.get_running_loop()
    queue = asyncio.Queue(PLACES)
    workers = [asyncio.create_task(work(queue, job)) for _ in range(WORKERS)]
    start = time.perf_counter_ns()
    results = []
    for number in range(jobs):
        if number >= OUTSTANDING:
            assert await results[number - OUTSTANDING] == number - OUTSTANDING
        result = loop.create_future()
        await queue.put((number, result))
        results.append(result)
    await asyncio.gather(*results[-OUTSTANDING:])
    elapsed = time.perf_counter_ns() - start
    for worker in workers:
        worker.cancel()
    return elapsed


jobs = int(sys.argv[1])
print(asyncio.run(run(jobs, {"done": done, "yielding": yielding}[sys.argv[2]])) / jobs)
