import os
import select
import signal

pid = os.fork()
if pid == 0:
    while True:
        signal.pause()
descriptor = os.pidfd_open(pid)
print("running:", select.select([descriptor], [], [], 0)[0] == [])
os.kill(pid, signal.SIGKILL)
print("ended:", select.select([descriptor], [], [])[0] == [descriptor])
info = os.waitid(os.P_PIDFD, descriptor, os.WEXITED)
print("by", signal.Signals(info.si_status).name)
os.close(descriptor)
