"""
What Tillid is told by the environment, read once and then frozen.

Processes get one `Config` as an argument; nothing else in the product reads an environment variable.
Every setting stands in docs/reference/settings.md.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import os
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

KEY_BYTES: Final = 32
SHORTEST_SECRET: Final = 32
# The keys a process may need; custody and the worker name the ones they use, the web needs all.
KEYS: Final = ("TILLID_SECRET_KEY", "TILLID_INVITATION_KEY", "TILLID_FERNET_KEYS", "TILLID_MAIL_KEYS")
# Kept apart: the worker sends mails, and must not hold what signs credentials.
MAIL_KEYS: Final = "TILLID_MAIL_KEYS"
# What may lie in a file that the setting with _FILE behind its name points to: an environment is easily seen.
IN_FILES: Final = (
    *KEYS,
    "TILLID_DATABASE_URL",
    "TILLID_RESPONSES_URL",
    "TILLID_REDIS_URL",
    "TILLID_METRICS_TOKEN",
)
LOG_FORMATS: Final = ("text", "json")
SMTP_SECURITY: Final = ("starttls", "tls", "none")
_DRIVERS: Final = ("sqlite", "postgresql+psycopg")


class ConfigError(ValueError):
    """A setting that cannot be used: its name, what is wrong with it, what to write instead."""

    def __init__(self, name: str, fact: str, remedy: str) -> None:
        super().__init__(f"{name}: {fact}. {remedy}.")
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """
    One process's settings; made by `from_environment` or, for the demo, by `for_demo`.

    A secret may lie in a file instead, to which a setting with _FILE behind its name points. A key that was
    not asked for (`needs`) and not given is empty. `workers` are the web's processes, `proxies` how many
    stand between it and the browsers and say whom they speak for.

    Raises:
        ConfigError: If a setting is missing, malformed or would be unsafe.
    """

    database_url: str
    responses_url: str
    custody_directory: Path
    secret_key: str
    invitation_key: bytes
    fernet_keys: tuple[str, ...]
    mail_keys: tuple[str, ...]
    base_url: str
    host: str
    port: int
    workers: int = 2
    proxies: int = 0
    mail_from: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_username: str = ""
    smtp_password_file: Path | None = None
    mail_folder: Path | None = None
    contact: str = ""
    redis_url: str = ""
    metrics_token: str = ""
    log_format: str = "text"
    demo: bool = False
    one_time_sign_in: bool = False

    def __post_init__(self) -> None:
        """Refuse combinations that would be unsafe, whoever made the object."""
        _check_databases(self.database_url, self.responses_url)
        _check_base_url(self.base_url)
        self._check_mail()
        _check_operating(self.redis_url, self.metrics_token, self.log_format)
        # A printed link signs anybody in: outside a demo on this machine it would be a back door.
        if self.one_time_sign_in and not (self.demo and self.on_loopback):
            raise ConfigError(
                "TILLID_ONE_TIME_SIGN_IN",
                "one-time sign-in links are for a demo on this machine only",
                "Unset it, or set TILLID_DEMO=1 with TILLID_HOST and TILLID_BASE_URL on 127.0.0.1",
            )

    def _check_mail(self) -> None:
        if self.mail_folder and not self.demo:
            raise ConfigError(
                "TILLID_MAIL_FOLDER",
                "mails are written to a folder, readable, in a demo only",
                "Set TILLID_SMTP_HOST instead",
            )
        if self.smtp_security not in SMTP_SECURITY:
            known = ", ".join(SMTP_SECURITY)
            raise ConfigError("TILLID_SMTP_SECURITY", f'is "{self.smtp_security}"', f"Write one of {known}")
        # Mails carry links that let people in.
        if self.smtp_host and self.smtp_security == "none" and not _is_loopback(self.smtp_host):
            raise ConfigError(
                "TILLID_SMTP_SECURITY", "is none on a network", "Write starttls or tls, whichever it speaks"
            )
        if self.smtp_host and "@" not in self.mail_from:
            raise ConfigError(
                "TILLID_MAIL_FROM", "is no address to send from", 'Write it as "Tillid <tillid@example.org>"'
            )

    @property
    def on_loopback(self) -> bool:
        """Whether nobody outside this machine can reach the web."""
        return _is_loopback(self.host) and _is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def secure(self) -> bool:
        """Whether browsers speak to the web over https, so that cookies can be kept to it."""
        return self.base_url.startswith("https://")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], *, needs: Collection[str] = KEYS) -> Config:
        """
        Read the settings; `needs` names the keys this process cannot do without.

        Raises:
            ConfigError: If a setting is missing, malformed or would be unsafe.
        """
        environ = _with_files(environ)
        missing = [name for name in KEYS if name in needs and not environ.get(name)]
        if missing:
            raise ConfigError(missing[0], "is not set", "Make one with `tillid keys` and keep it secret")
        port = _whole_number(environ, "TILLID_PORT", 8000, most=65535)
        return cls(
            database_url=environ.get("TILLID_DATABASE_URL", "sqlite:///var/tillid/alliance.db"),
            responses_url=environ.get("TILLID_RESPONSES_URL", "sqlite:///var/tillid/responses.db"),
            custody_directory=Path(environ.get("TILLID_CUSTODY_DIRECTORY", "var/tillid/custody")),
            secret_key=_secret(environ.get("TILLID_SECRET_KEY", "")),
            invitation_key=_invitation_key(environ.get("TILLID_INVITATION_KEY", "")),
            fernet_keys=_fernet_keys("TILLID_FERNET_KEYS", environ),
            mail_keys=_fernet_keys(MAIL_KEYS, environ),
            base_url=environ.get("TILLID_BASE_URL", f"http://127.0.0.1:{port}").rstrip("/"),
            host=environ.get("TILLID_HOST", "127.0.0.1"),
            port=port,
            workers=_whole_number(environ, "TILLID_WORKERS", 2, most=256),
            proxies=_whole_number(environ, "TILLID_PROXIES", 0, least=0, most=9),
            mail_from=environ.get("TILLID_MAIL_FROM", ""),
            smtp_host=environ.get("TILLID_SMTP_HOST", ""),
            smtp_port=_whole_number(environ, "TILLID_SMTP_PORT", 587, most=65535),
            smtp_security=environ.get("TILLID_SMTP_SECURITY", "starttls"),
            smtp_username=environ.get("TILLID_SMTP_USERNAME", ""),
            smtp_password_file=_path(environ, "TILLID_SMTP_PASSWORD_FILE"),
            mail_folder=_path(environ, "TILLID_MAIL_FOLDER"),
            contact=environ.get("TILLID_CONTACT", ""),
            redis_url=environ.get("TILLID_REDIS_URL", ""),
            metrics_token=environ.get("TILLID_METRICS_TOKEN", ""),
            log_format=environ.get("TILLID_LOG_FORMAT", "text"),
            demo=_switch(environ, "TILLID_DEMO"),
            one_time_sign_in=_switch(environ, "TILLID_ONE_TIME_SIGN_IN"),
        )

    @classmethod
    def for_demo(cls, folder: Path, port: int) -> Config:
        """Settings of a demo that keeps all, its keys too, in `folder`, and serves this machine only."""
        return cls.from_environment(
            {
                **_demo_keys(folder),
                "TILLID_DATABASE_URL": f"sqlite:///{folder / 'alliance.db'}",
                "TILLID_RESPONSES_URL": f"sqlite:///{folder / 'responses.db'}",
                "TILLID_CUSTODY_DIRECTORY": str(folder / "custody"),
                "TILLID_PORT": str(port),
                "TILLID_MAIL_FROM": "Tillid <tillid@demo.example>",
                "TILLID_MAIL_FOLDER": str(folder / "mails"),
                "TILLID_DEMO": "1",
                "TILLID_ONE_TIME_SIGN_IN": "1",
            }
        )

    def environment(self) -> dict[str, str]:
        """Hand the same settings to a process of its own: `from_environment` reads them back."""
        settings = {
            "TILLID_DATABASE_URL": self.database_url,
            "TILLID_RESPONSES_URL": self.responses_url,
            "TILLID_CUSTODY_DIRECTORY": str(self.custody_directory),
            "TILLID_SECRET_KEY": self.secret_key,
            "TILLID_INVITATION_KEY": _encoded(self.invitation_key),
            "TILLID_FERNET_KEYS": ",".join(self.fernet_keys),
            MAIL_KEYS: ",".join(self.mail_keys),
            "TILLID_BASE_URL": self.base_url,
            "TILLID_HOST": self.host,
            "TILLID_PORT": str(self.port),
            "TILLID_WORKERS": str(self.workers),
            "TILLID_PROXIES": str(self.proxies),
            "TILLID_MAIL_FROM": self.mail_from,
            "TILLID_SMTP_HOST": self.smtp_host,
            "TILLID_SMTP_PORT": str(self.smtp_port),
            "TILLID_SMTP_SECURITY": self.smtp_security,
            "TILLID_SMTP_USERNAME": self.smtp_username,
            "TILLID_SMTP_PASSWORD_FILE": str(self.smtp_password_file or ""),
            "TILLID_MAIL_FOLDER": str(self.mail_folder or ""),
            "TILLID_CONTACT": self.contact,
            "TILLID_REDIS_URL": self.redis_url,
            "TILLID_METRICS_TOKEN": self.metrics_token,
            "TILLID_LOG_FORMAT": self.log_format,
            "TILLID_DEMO": "1" if self.demo else "",
            "TILLID_ONE_TIME_SIGN_IN": "1" if self.one_time_sign_in else "",
        }
        return {name: value for name, value in settings.items() if value}


def fresh_keys() -> dict[str, str]:
    """Make one new value for each key in `KEYS`, as the environment takes them."""
    return {
        "TILLID_SECRET_KEY": secrets.token_urlsafe(KEY_BYTES),
        "TILLID_INVITATION_KEY": _encoded(secrets.token_bytes(KEY_BYTES)),
        "TILLID_FERNET_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode(),
        MAIL_KEYS: base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode(),
    }


def _demo_keys(folder: Path) -> dict[str, str]:
    path = folder / "keys.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(fresh_keys(), file)
    keys: dict[str, str] = json.loads(path.read_text())
    return keys


def _encoded(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).rstrip(b"=").decode()


def _decoded(name: str, text: str) -> bytes:
    remedy = f"Write {KEY_BYTES} random bytes in base64url, as `tillid keys` makes them"
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True)
    except binascii.Error as error:
        raise ConfigError(name, "is not base64url", remedy) from error
    if len(key) != KEY_BYTES:
        raise ConfigError(name, f"holds {len(key)} bytes", remedy)
    return key


def _secret(text: str) -> str:
    if text and len(text) < SHORTEST_SECRET:
        raise ConfigError(
            "TILLID_SECRET_KEY",
            f"has {len(text)} characters",
            f"Give it at least {SHORTEST_SECRET} random ones, as `tillid keys` makes them",
        )
    return text


def _invitation_key(text: str) -> bytes:
    return _decoded("TILLID_INVITATION_KEY", text) if text else b""


def _fernet_keys(name: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in environ.get(name, "").split(",") if key.strip())
    for key in keys:
        _decoded(name, key.rstrip("="))
    return keys


def _with_files(environ: Mapping[str, str]) -> dict[str, str]:
    """Add what files hold, each named by a setting with _FILE behind its name."""
    settings = dict(environ)
    for name in IN_FILES:
        file = environ.get(f"{name}_FILE")
        if not file:
            continue
        if environ.get(name):
            raise ConfigError(name, f"is set, and {name}_FILE too", "Keep the one you mean")
        try:
            settings[name] = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as fault:
            remedy = "Let it hold the setting and nothing else, readable by this process's account alone"
            raise ConfigError(f"{name}_FILE", f"{file} cannot be read", remedy) from fault
    return settings


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]) if environ.get(name) else None


def _switch(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "")
    if value not in {"", "0", "1"}:
        raise ConfigError(name, f'is "{value}"', "Write 1 for yes, 0 for no")
    return value == "1"


def _whole_number(environ: Mapping[str, str], name: str, default: int, *, least: int = 1, most: int) -> int:
    text = environ.get(name, str(default))
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise ConfigError(name, f'is "{text}"', f"Write a whole number from {least} to {most}")
    return int(text)


def _check_databases(database_url: str, responses_url: str) -> None:
    for name, url in (("TILLID_DATABASE_URL", database_url), ("TILLID_RESPONSES_URL", responses_url)):
        if url.partition("://")[0] not in _DRIVERS:
            # The address may hold a password, so the message does not repeat it.
            raise ConfigError(
                name,
                "names no database that Tillid knows",
                "Begin it with sqlite:/// or postgresql+psycopg://",
            )
    if database_url == responses_url:
        raise ConfigError(
            "TILLID_RESPONSES_URL",
            "is the alliance's own database",
            "Give responses a database of their own, that no backup holds",
        )


def _check_operating(redis_url: str, metrics_token: str, log_format: str) -> None:
    if redis_url and urlsplit(redis_url).scheme not in {"redis", "rediss", "unix"}:
        # The address may hold a password, so the message does not repeat it.
        raise ConfigError("TILLID_REDIS_URL", "is no address of a Redis", "Begin it with redis:// or unix://")
    if metrics_token and len(metrics_token) < SHORTEST_SECRET:
        raise ConfigError(
            "TILLID_METRICS_TOKEN",
            f"has {len(metrics_token)} characters",
            f"Give it at least {SHORTEST_SECRET} random ones",
        )
    if log_format not in LOG_FORMATS:
        known = " or ".join(LOG_FORMATS)
        raise ConfigError("TILLID_LOG_FORMAT", f'is "{log_format}"', f"Write {known}")


def _check_base_url(base_url: str) -> None:
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ConfigError(
            "TILLID_BASE_URL",
            f'"{base_url}" is not a scheme and a host',
            "Write it as https://culture.example.org",
        )
    # Browsers seal only in a secure context, and a sign-in would travel in the clear.
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ConfigError("TILLID_BASE_URL", "is http on a network", "Serve it over https")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
