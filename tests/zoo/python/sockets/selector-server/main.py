import selectors
import socket
import threading

selector = selectors.DefaultSelector()
pairs = [socket.socketpair() for _ in range(3)]
for ours, _ in pairs:
    ours.setblocking(False)
    selector.register(ours, selectors.EVENT_READ)


def client(n):
    _, theirs = pairs[n]
    theirs.sendall(b"x" * (n + 1))
    theirs.close()


threads = [threading.Thread(target=client, args=(n,)) for n in range(3)]
for thread in threads:
    thread.start()
total, open_ones = 0, 3
while open_ones:
    for key, _ in selector.select():
        data = key.fileobj.recv(10)
        total += len(data)
        if not data:
            selector.unregister(key.fileobj)
            key.fileobj.close()
            open_ones -= 1
selector.close()
for thread in threads:
    thread.join()
print(f"total: {total}")
