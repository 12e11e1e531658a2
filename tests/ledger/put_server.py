"""An https server that keeps the body of the last PUT in FOLDER/put and its port in FOLDER/port."""
import http.server
import pathlib
import ssl
import sys

folder = pathlib.Path(sys.argv[1])


class Handler(http.server.BaseHTTPRequestHandler):
    def do_PUT(self):
        (folder / "put").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(201)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("localhost", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder / "tls.crt", folder / "tls.key")
server.socket = context.wrap_socket(server.socket, server_side=True)
(folder / "port").write_text(str(server.server_port))
server.serve_forever()
