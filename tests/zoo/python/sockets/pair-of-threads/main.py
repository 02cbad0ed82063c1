import socket
import threading

left, right = socket.socketpair()


def echo():
    with right:
        while data := right.recv(64):
            right.sendall(data[::-1])


thread = threading.Thread(target=echo)
thread.start()
with left:
    for word in (b"live", b"star"):
        left.sendall(word)
        print(f"answer: {left.recv(64).decode()}")
    left.shutdown(socket.SHUT_WR)
    print(f"at the end: {left.recv(64)!r}")
thread.join()
