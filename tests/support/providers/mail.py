"""A mail server on loopback: STARTTLS or TLS from the first byte, AUTH PLAIN, and refusals."""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_NEVER = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
_LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Certificate:
    """A certificate for 127.0.0.1 that signs itself: `file` has it with its key."""

    file: Path

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file)
        return context

    def client(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.file))


def make_certificate(folder: Path) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    local = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(_LONG_AGO)
        .not_valid_after(_NEVER)
        .add_extension(local, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / "mail.pem"
    file.write_bytes(pem + secret)
    return Certificate(file)


@dataclass
class MailServer:
    """What it is told to say, by the verb; and what it was given."""

    certificate: Certificate
    implicit: bool = False
    starttls: bool = True
    says: dict[str, str] = field(default_factory=dict)
    recipients: list[str] = field(default_factory=list)
    letters: list[EmailMessage] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    hang: bool = False
    delays: dict[str, float] = field(default_factory=dict)
    """Seconds that it takes before it answers, by verb; `CONNECT` and `.` are such as well."""
    port: int = 0
    over: threading.Event = field(default_factory=threading.Event)


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        state = self.server.state
        self.tls = state.implicit
        if state.implicit:
            self._wrap()
        if state.hang:
            state.over.wait(10)
            return
        try:
            self._talk(state)
        except (OSError, ssl.SSLError):
            return

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def _wrap(self) -> None:
        self.rfile.close()
        self.wfile.close()
        self.connection = self.server.state.certificate.server().wrap_socket(
            self.connection, server_side=True
        )
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")
        self.wfile.flush()

    def _talk(self, state: MailServer) -> None:
        self._take_time("CONNECT")
        self._say(state.says.get("CONNECT", "220 mail.test"))
        while line := self.rfile.readline():
            words = line.decode().strip().split(" ", 1)
            verb, rest = words[0].upper(), words[1] if len(words) > 1 else ""
            self._take_time(verb)
            if verb == "EHLO":
                offers = ["mail.test", *(["STARTTLS"] if state.starttls and not self.tls else [])]
                offers += ["AUTH PLAIN"]
                for place, offer in enumerate(offers):
                    self._say(f"250{'-' if place < len(offers) - 1 else ' '}{offer}")
            elif verb in state.says or f"{verb} {rest}" in state.says:
                self._say(state.says.get(f"{verb} {rest}") or state.says[verb])
            elif verb == "STARTTLS":
                self._say("220 go ahead")
                self.tls = True
                self._wrap()
            elif verb == "AUTH":
                state.signed_in.append(base64.b64decode(rest.split()[1]).decode())
                self._say("235 welcome")
            elif verb == "DATA":
                self._say("354 go on")
                self._read_letter(state)
                self._take_time(".")
                self._say(state.says.get(".", "250 queued as 42"))
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                if verb == "RCPT":
                    state.recipients.append(rest)
                self._say("250 ok")

    def _take_time(self, verb: str) -> None:
        if verb in self.server.state.delays:
            self.server.state.over.wait(self.server.state.delays[verb])

    def _read_letter(self, state: MailServer) -> None:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        state.encrypted.append(self.tls)
        letter = message_from_bytes(b"".join(lines), policy=default)
        assert isinstance(letter, EmailMessage)
        state.letters.append(letter)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, state: MailServer) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.state = state


@contextmanager
def mail_server(state: MailServer) -> Iterator[MailServer]:
    """Serve until the block ends."""
    server = _Server(state)
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        state.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
