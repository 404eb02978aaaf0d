"""A mail server of a test's own on this machine, and an outbox whose clock a test can move."""

import asyncio
import datetime as dt
import ipaddress
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from survey.delivery.outbox import Outbox
from survey.delivery.sending import Delivery
from survey.delivery.transports import MailServer, Security
from survey.sealing.at_rest import AtRest
from survey.storage.databases import Databases
from tests.live import free_port
from tests.survey.conftest import databases, either, postgres_databases

__all__ = ["databases", "either", "postgres_databases"]

SENDER = "Tillid <tillid@culture.example>"
LOGIN = LoginPassword(b"tillid", b"season ticket 25")


@dataclass
class Postbox:
    """What a mail server took, and what it is to answer to an address."""

    answers: dict[str, str] = field(default_factory=dict)
    data_answer: str = "250 2.0.0 taken"
    taken: list[EmailMessage] = field(default_factory=list)
    signed_in: list[LoginPassword] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name.
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.answers.get(address, "250 2.1.5 ok")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(0)
        if self.data_answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.taken.append(message_from_bytes(content, policy=policy.SMTP))
        return self.data_answer

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.signed_in.append(data)
        return AuthResult(success=data == LOGIN, handled=False)


@dataclass
class Clock:
    """Seconds that a test can move."""

    seconds: int = 1_800_000_000

    def __call__(self) -> int:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outbox(clock: Clock) -> Outbox:
    return Outbox(AtRest([Fernet.generate_key().decode()]), clock)


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def server(postbox: Postbox) -> Iterator[MailServer]:
    """A mail server that speaks in the clear, to this machine alone."""
    controller = Controller(postbox, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=True)
    controller.start()
    yield MailServer("127.0.0.1", controller.port, Security.NONE)
    controller.stop()


@pytest.fixture
def guarded_server(postbox: Postbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server that wants TLS and a password, with a certificate that this process trusts."""
    certificate, key = _certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    controller = Controller(
        postbox,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=postbox.authenticate,
    )
    controller.start()
    password = tmp_path / "password"
    password.write_text("season ticket 25\n", "utf-8")
    yield MailServer("127.0.0.1", controller.port, Security.STARTTLS, "tillid", password)
    controller.stop()


@pytest.fixture
def delivery(databases: Databases, outbox: Outbox, server: MailServer) -> Delivery:
    return Delivery(databases, outbox, server, SENDER)


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a mail server of a test")])
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(day)
        .not_valid_after(day + dt.timedelta(days=36500))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, private
