"""A small SMTP server on this machine: it keeps what it is sent."""

import socketserver
import threading
from contextlib import contextmanager


class _Conversation(socketserver.StreamRequestHandler):
    """One client, by the commands that a mail client uses (RFC 5321)."""

    def handle(self):
        self._say("220 local test server")
        while line := self.rfile.readline():
            command = line.decode().strip()
            name = command.upper().split(":")[0].split(" ")[0]
            if name == "QUIT":
                self._say("221 bye")
                return
            if name == "DATA":
                self._say("354 go on")
                self.server.messages.append(self._read_data())
            self._say("250 fine")

    def _read_data(self):
        lines = []
        while (line := self.rfile.readline().rstrip(b"\r\n")) != b".":
            # a dot at the beginning of a line is doubled on the way
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"\r\n".join(lines)

    def _say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def serve(port=0):
    """A server that runs meanwhile.

    :returns: (its port, the messages it was sent, as bytes)
    """
    with _Server(("127.0.0.1", port), _Conversation) as server:
        server.messages = []
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_address[1], server.messages
        finally:
            server.shutdown()
            thread.join()
