import socket
import socketserver
import threading


class Adder(socketserver.StreamRequestHandler):
    def handle(self):
        numbers = self.rfile.readline().split()
        self.wfile.write(b"%d\n" % sum(map(int, numbers)))


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = False


def ask(address, text):
    with socket.create_connection(address) as connection:
        connection.sendall(text.encode() + b"\n")
        return int(connection.makefile().readline())


with Server(("127.0.0.1", 0), Adder) as server:
    serving = threading.Thread(target=server.serve_forever, args=(0.01,))
    serving.start()
    print("sum:", ask(server.server_address, "1 2 3"))
    print("sum:", ask(server.server_address, "20 22"))
    server.shutdown()
    serving.join()
print("closed")
