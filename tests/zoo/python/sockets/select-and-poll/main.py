import os
import select
import threading

reading, writing = os.pipe()
poll, epoll = select.poll(), select.epoll()
poll.register(reading, select.POLLIN)
epoll.register(reading, select.EPOLLIN)
print("before:", select.select([reading], [], [], 0)[0], poll.poll(0), epoll.poll(0))
go = threading.Event()


def write():
    go.wait()
    os.write(writing, b"!")


thread = threading.Thread(target=write)
thread.start()
go.set()
print("epoll:", epoll.poll() == [(reading, select.EPOLLIN)])
print("poll:", poll.poll() == [(reading, select.POLLIN)])
print("select:", select.select([reading], [writing], []) == ([reading], [writing], []))
thread.join()
epoll.close()
os.close(reading)
os.close(writing)
