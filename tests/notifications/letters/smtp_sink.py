"""A mail server on loopback that keeps what it takes, and tells how far each conversation has come."""

import socketserver
import threading
from collections.abc import Callable
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

# How far a conversation may come: each is named after what has just been read or done.
STAGES = ["connected", "mail", "rcpt", "data", "read", "kept", "confirmed"]


class Sink(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, at: Callable[[str], None] = lambda stage: None) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.at = at
        self.kept: list[bytes] = []
        self.senders: list[str] = []

    @property
    def port(self) -> int:
        return self.server_address[1]

    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=default) for raw in self.kept]


class Conversation(socketserver.StreamRequestHandler):
    """One connection, which may bring several letters (RFC 5321)."""

    server: Sink

    def handle(self) -> None:
        try:
            self._say("220 sink")
            self.server.at("connected")
            while line := self.rfile.readline():
                if not self._answer(line.decode().strip()):
                    return
        except (ConnectionError, BrokenPipeError):
            return  # the other side was killed

    def _answer(self, line: str) -> bool:
        verb = line.split(":")[0].upper()
        match verb.split(" ")[0]:
            case "QUIT":
                self._say("221 Bye")
                return False
            case "DATA":
                self.server.at("data")
                self._say("354 Go on")
                self._keep(self._read_body())
            case "MAIL":
                self.server.senders.append(line.partition("<")[2].partition(">")[0])
                self.server.at("mail")
                self._say("250 OK")
            case "RCPT":
                self.server.at("rcpt")
                self._say("250 OK")
            case _:
                self._say("250 OK")
        return True

    def _read_body(self) -> bytes:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise ConnectionError("cut off in the middle")
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _keep(self, raw: bytes) -> None:
        self.server.at("read")
        self.server.kept.append(raw)
        self.server.at("kept")
        self._say("250 Kept")
        self.server.at("confirmed")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def listening(at: Callable[[str], None] = lambda stage: None):
    with Sink(at) as sink:
        thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield sink
        finally:
            sink.shutdown()
            thread.join()
