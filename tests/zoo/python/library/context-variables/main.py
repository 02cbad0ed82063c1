import asyncio
import contextvars
import threading

user = contextvars.ContextVar("user", default="nobody")


async def handle(name):
    user.set(name)
    await asyncio.sleep(0)
    return user.get()


async def main():
    user.set("main")
    names = await asyncio.gather(handle("ann"), handle("ben"))
    print("tasks:", *names)
    print("in the thread:", await asyncio.to_thread(user.get))
    print("afterwards:", user.get())


asyncio.run(main())
context = contextvars.copy_context()
context.run(user.set, "copy")
seen = []
thread = threading.Thread(target=context.run, args=(lambda: seen.append(user.get()),))
thread.start()
thread.join()
print("in the copy:", *seen)
print("outside:", user.get())
