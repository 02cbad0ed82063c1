import os
import socket
import threading

left, right = socket.socketpair()
r, w = os.pipe()


def give():
    socket.send_fds(left, [b"here"], [w])
    os.close(w)


thread = threading.Thread(target=give)
thread.start()
message, descriptors, _, _ = socket.recv_fds(right, 10, 2)
thread.join()
print(message.decode(), "came with", len(descriptors), "descriptor")
os.write(descriptors[0], b"hello")
os.close(descriptors[0])
print(os.read(r, 10).decode(), "came through it")
