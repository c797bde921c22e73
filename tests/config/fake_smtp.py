"""A mail server on loopback that answers as a test wants it to: refuses, hangs up, encrypts, asks for a password."""

import contextlib
import socketserver
import ssl
import threading
from contextlib import contextmanager

RIGHT = {"EHLO": "250-fake\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN", "STARTTLS": "220 Go on", "AUTH": "235 Welcome"}


class FakeServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, greeting, answers, certificate):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.greeting, self.answers, self.certificate = greeting, RIGHT | answers, certificate
        self.letters = []


class Conversation(socketserver.BaseRequestHandler):
    def handle(self):
        with contextlib.suppress(OSError):
            self._converse()

    def _converse(self):
        if not self.server.greeting:
            return
        self._say(self.server.greeting)
        while line := self._read_line():
            verb = line.split(" ")[0].upper()
            answer = self.server.answers.get(verb, "354 Go on" if verb == "DATA" else "250 OK")
            if not answer:
                return
            self._say(answer)
            if verb == "STARTTLS" and answer.startswith("220"):
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(self.server.certificate)
                self.request = context.wrap_socket(self.request, server_side=True)
            elif verb == "DATA" and answer.startswith("354"):
                self.server.letters.append(self._read_letter())
                self._say(self.server.answers.get("END", "250 Kept"))
            elif verb == "QUIT":
                return

    def _read_letter(self):
        lines = []
        while (line := self._read_line()) != ".":
            lines.append(line)
        return "\n".join(lines)

    def _read_line(self):
        found = b""
        while not found.endswith(b"\r\n"):
            byte = self.request.recv(1)
            if not byte:
                return ""
            found += byte
        return found.decode().removesuffix("\r\n") or " "

    def _say(self, words):
        self.request.sendall(f"{words}\r\n".encode())


@contextmanager
def fake_smtp(greeting="220 fake", certificate="", **answers):
    """The server; a greeting or an answer of "" ends the conversation."""
    with FakeServer(greeting, answers, certificate) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
