import http.server
import threading
import urllib.error
import urllib.request


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        known = self.path == "/hello"
        body = b"hello" if known else b""
        self.send_response(200 if known else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
thread.start()
base = f"http://127.0.0.1:{server.server_port}"
with urllib.request.urlopen(f"{base}/hello") as response:
    print(f"status: {response.status}, body: {response.read().decode()}")
try:
    urllib.request.urlopen(f"{base}/nothing")
except urllib.error.HTTPError as error:
    print(f"error: {error.code}")
    error.close()
server.shutdown()
thread.join()
server.server_close()
