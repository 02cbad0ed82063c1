import os
import select
import signal
import socket

reading, writing = socket.socketpair()
reading.setblocking(False)
writing.setblocking(False)
old = signal.set_wakeup_fd(writing.fileno())
signal.signal(signal.SIGUSR1, lambda number, frame: print("handler ran"))
signal.signal(signal.SIGUSR2, lambda number, frame: print("handler ran"))
os.kill(os.getpid(), signal.SIGUSR1)
os.kill(os.getpid(), signal.SIGUSR2)
select.select([reading], [], [])
numbers = set(reading.recv(16))
print("numbers:", *sorted(signal.Signals(n).name for n in numbers))
print("before:", old, "ours:", signal.set_wakeup_fd(-1) == writing.fileno())
reading.close()
writing.close()
