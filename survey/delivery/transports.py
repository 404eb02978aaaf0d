"""Ways for a mail to leave: a mail server, or for a demo a folder."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

_PATIENCE_SECONDS: Final = 20
_FOR_GOOD: Final = 500


class RefusedError(Exception):
    """The server does not take this mail: its codes, and whether asking again may help."""

    def __init__(self, reason: str, *, for_good: bool) -> None:
        super().__init__(f"mail: the server refused it ({reason})")
        self.reason = reason
        self.for_good = for_good


class UnreachableError(Exception):
    """No mail can leave just now, whoever it is to."""


class Security(StrEnum):
    """How the way to the mail server is kept from others' eyes."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Connection(Protocol):
    """An open way for mails to leave."""

    def send(self, mail: EmailMessage) -> None:
        """
        Hand one mail over.

        Raises:
            RefusedError: If the other side does not take this one.
            UnreachableError: If it takes none.
        """


class Transport(Protocol):
    """Something that mails can leave by."""

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """
        Open the way for a few mails.

        Raises:
            UnreachableError: If it is closed.
        """


@dataclass(frozen=True, slots=True)
class MailServer:
    """An SMTP server; the password is read from its file each time, so that it can change."""

    host: str
    port: int
    security: Security
    username: str = ""
    password_file: Path | None = None

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """Connect, prove who we are, and hang up at the end."""
        try:
            with self._opened() as server:
                if self.username:
                    server.login(self.username, self._password())
                yield _Session(server)
        except (OSError, smtplib.SMTPException) as fault:
            # The words of a server may repeat what it was told; its kind is enough to look further.
            raise UnreachableError(f"{self.host}:{self.port}: {_told(fault)}") from fault

    def _opened(self) -> smtplib.SMTP:
        if self.security is Security.TLS:
            return smtplib.SMTP_SSL(
                self.host, self.port, timeout=_PATIENCE_SECONDS, context=ssl.create_default_context()
            )
        server = smtplib.SMTP(self.host, self.port, timeout=_PATIENCE_SECONDS)
        if self.security is Security.STARTTLS:
            server.starttls(context=ssl.create_default_context())
        return server

    def _password(self) -> str:
        password = self.password_file.read_text("utf-8").strip() if self.password_file else ""
        if not password.isascii():
            raise UnreachableError(f"{self.password_file}: a password with letters that SMTP cannot carry")
        return password


@dataclass(frozen=True, slots=True)
class _Session:
    server: smtplib.SMTP

    def send(self, mail: EmailMessage) -> None:
        try:
            self.server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as fault:
            ((code, told),) = fault.recipients.values()
            raise RefusedError(_codes(code, told), for_good=code >= _FOR_GOOD) from fault
        except smtplib.SMTPSenderRefused as fault:
            # It is our own address that it does not like: every mail would be refused.
            raise UnreachableError(f"the sender's address was refused ({fault.smtp_code})") from fault
        except smtplib.SMTPDataError as fault:
            reason = _codes(fault.smtp_code, fault.smtp_error)
            raise RefusedError(reason, for_good=fault.smtp_code >= _FOR_GOOD) from fault
        except smtplib.SMTPNotSupportedError as fault:
            raise RefusedError("SMTPUTF8", for_good=True) from fault


def _codes(code: int, told: bytes | str) -> str:
    """Return an answer's codes: the enhanced one (RFC 3463) where it begins with one."""
    words = (told if isinstance(told, str) else told.decode("ascii", "replace")).split()
    enhanced = words[0] if words and words[0].replace(".", "").isdigit() and "." in words[0] else ""
    return f"{code} {enhanced}".strip()[:40]


def _told(fault: Exception) -> str:
    code = getattr(fault, "smtp_code", None) or getattr(fault, "errno", None) or ""
    return f"{type(fault).__name__} {code}".strip()


@dataclass(frozen=True, slots=True)
class Folder:
    """Mails as files, for a demo: nothing leaves this machine."""

    path: Path

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """Make the folder, for the owner's eyes."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield self

    def send(self, mail: EmailMessage) -> None:
        """Write one mail to a file of its own, numbered in order."""
        number = len(list(self.path.glob("*.txt"))) + 1
        head = "".join(f"{name}: {mail[name]}\n" for name in ("To", "Subject"))
        (self.path / f"{number:04}.txt").write_text(f"{head}\n{mail.get_content()}", "utf-8")
