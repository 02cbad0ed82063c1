import socket
import threading

listener = socket.create_server(("127.0.0.1", 0))
address = listener.getsockname()


def serve(connection):
    with connection, connection.makefile("rw") as stream:
        for line in stream:
            stream.write(f"{len(line.strip())}\n")
            stream.flush()


def accept(count):
    for _ in range(count):
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,)).start()


def ask(word):
    with socket.create_connection(address) as connection:
        connection.sendall(f"{word}\n".encode())
        answers[word] = int(connection.recv(16))


answers = {}
threads = [threading.Thread(target=ask, args=(word,)) for word in ("a", "bb", "ccc")]
threads.append(threading.Thread(target=accept, args=(3,)))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
listener.close()
for word in sorted(answers):
    print(f"{word}: {answers[word]}")
