import json
import stat
from pathlib import Path

import pytest

from config import IN_FILES, KEYS, Config, ConfigError, fresh_keys

SET = fresh_keys()


def with_settings(**settings: str) -> Config:
    return Config.from_environment({**SET, **settings})


def test_what_is_not_set_has_its_documented_value() -> None:
    config = Config.from_environment(SET)

    assert config.database_url == "sqlite:///var/tillid/alliance.db"
    assert config.responses_url == "sqlite:///var/tillid/responses.db"
    assert config.custody_directory == Path("var/tillid/custody")
    assert (config.host, config.port, config.base_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert (config.workers, config.proxies, config.demo, config.one_time_sign_in) == (2, 0, False, False)
    assert config.on_loopback
    assert not config.secure
    assert len(config.invitation_key) == 32


@pytest.mark.parametrize("name", KEYS)
def test_a_process_that_needs_a_key_does_not_start_without_it(name: str) -> None:
    others = {key: value for key, value in SET.items() if key != name}

    with pytest.raises(ConfigError, match=rf"{name}: is not set\. Make one with `tillid keys`"):
        Config.from_environment(others)


def test_a_process_that_needs_no_key_gets_none() -> None:
    config = Config.from_environment({}, needs=())

    assert (config.secret_key, config.invitation_key, config.fernet_keys) == ("", b"", ())


@pytest.mark.parametrize(
    ("name", "value", "fact"),
    [
        ("TILLID_SECRET_KEY", "short", "has 5 characters"),
        ("TILLID_INVITATION_KEY", "not/base64url!", "is not base64url"),
        ("TILLID_INVITATION_KEY", "AAAA", "holds 3 bytes"),
        ("TILLID_FERNET_KEYS", f"{'A' * 43}=,AAAA", "holds 3 bytes"),
        ("TILLID_PORT", "0", 'is "0"'),
        ("TILLID_PORT", "65536", 'is "65536"'),
        ("TILLID_PORT", "many", 'is "many"'),
        ("TILLID_WORKERS", "-1", 'is "-1"'),
        ("TILLID_PROXIES", "ten", 'is "ten"'),
        ("TILLID_DEMO", "yes", 'is "yes"'),
        ("TILLID_DATABASE_URL", "mysql://root:secret@host/db", "names no database"),
        ("TILLID_RESPONSES_URL", "postgresql://host/db", "names no database"),
        ("TILLID_RESPONSES_URL", "sqlite:///var/tillid/alliance.db", "is the alliance's own database"),
        ("TILLID_REDIS_URL", "http://host", "is no address of a Redis"),
        ("TILLID_METRICS_TOKEN", "short", "has 5 characters"),
        ("TILLID_LOG_FORMAT", "xml", 'is "xml"'),
        ("TILLID_BASE_URL", "culture.example.org", "is not a scheme and a host"),
        ("TILLID_BASE_URL", "https://culture.example.org/tillid", "is not a scheme and a host"),
        ("TILLID_BASE_URL", "http://culture.example.org", "is http on a network"),
        ("TILLID_MAIL_KEYS", "AAAA", "holds 3 bytes"),
        ("TILLID_MAIL_FOLDER", "/tmp/mails", "in a demo only"),  # noqa: S108  It is refused.
        ("TILLID_SMTP_PORT", "smtp", 'is "smtp"'),
        ("TILLID_SMTP_SECURITY", "ssl", 'is "ssl"'),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_by_name(name: str, value: str, fact: str) -> None:
    with pytest.raises(ConfigError) as caught:
        with_settings(**{name: value})

    assert caught.value.name == name
    assert str(caught.value).startswith(f"{name}: ")
    assert fact in str(caught.value)
    assert "secret@" not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "fact"),
    [
        ({"TILLID_SMTP_HOST": "mail.example.org"}, "TILLID_MAIL_FROM: is no address to send from"),
        (
            {"TILLID_SMTP_HOST": "mail.example.org", "TILLID_SMTP_SECURITY": "none"},
            "TILLID_SMTP_SECURITY: is none on a network",
        ),
    ],
)
def test_mails_have_a_sender_and_travel_encrypted(settings: dict[str, str], fact: str) -> None:
    with pytest.raises(ConfigError, match=fact):
        with_settings(**settings)


def test_how_mails_leave_is_handed_on_to_a_process_of_its_own(tmp_path: Path) -> None:
    config = with_settings(
        TILLID_SMTP_HOST="mail.example.org",
        TILLID_SMTP_USERNAME="tillid",
        TILLID_SMTP_PASSWORD_FILE=str(tmp_path / "password"),
        TILLID_MAIL_FROM="Tillid <tillid@example.org>",
    )

    assert (config.smtp_port, config.smtp_security) == (587, "starttls")
    assert Config.from_environment(config.environment()) == config


@pytest.mark.parametrize(
    "settings",
    [
        {"TILLID_ONE_TIME_SIGN_IN": "1"},
        {"TILLID_ONE_TIME_SIGN_IN": "1", "TILLID_DEMO": "1", "TILLID_HOST": "0.0.0.0"},  # noqa: S104
        {
            "TILLID_ONE_TIME_SIGN_IN": "1",
            "TILLID_DEMO": "1",
            "TILLID_BASE_URL": "https://culture.example.org",
        },
    ],
)
def test_one_time_sign_in_is_for_a_demo_on_this_machine(settings: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=r"TILLID_ONE_TIME_SIGN_IN: .* for a demo on this machine only"):
        with_settings(**settings)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_a_demo_on_this_machine_may_sign_in_by_links(host: str) -> None:
    base_url = f"http://[{host}]:8000" if ":" in host else f"http://{host}:8000"
    settings = {"TILLID_HOST": host, "TILLID_BASE_URL": base_url, "TILLID_DEMO": "1"}

    assert with_settings(TILLID_ONE_TIME_SIGN_IN="1", **settings).on_loopback


def test_https_is_secure_and_a_final_slash_is_no_matter() -> None:
    config = with_settings(TILLID_BASE_URL="https://culture.example.org/")

    assert config.secure
    assert not config.on_loopback
    assert config.base_url == "https://culture.example.org"


def test_settings_survive_being_handed_to_another_process() -> None:
    config = with_settings(
        TILLID_DEMO="1", TILLID_ONE_TIME_SIGN_IN="1", TILLID_PROXIES="1", TILLID_WORKERS="3"
    )

    assert Config.from_environment(config.environment()) == config
    assert "TILLID_DEMO" not in with_settings().environment()


def test_a_demo_keeps_its_keys_where_only_its_owner_reads(tmp_path: Path) -> None:
    first = Config.for_demo(tmp_path / "demo", 8042)
    again = Config.for_demo(tmp_path / "demo", 8042)

    assert again == first
    assert first.demo
    assert first.one_time_sign_in
    assert first.base_url == "http://127.0.0.1:8042"
    keys = tmp_path / "demo" / "keys.json"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert set(json.loads(keys.read_text())) == set(KEYS)


def test_keys_are_new_each_time() -> None:
    assert not set(fresh_keys().values()) & set(SET.values())


@pytest.mark.parametrize("name", IN_FILES)
def test_a_secret_may_lie_in_a_file(name: str, tmp_path: Path) -> None:
    values = {
        **SET,
        "TILLID_DATABASE_URL": "postgresql+psycopg://a:secret@host/alliance",
        "TILLID_RESPONSES_URL": "postgresql+psycopg://a:secret@host/responses",
        "TILLID_REDIS_URL": "redis://:secret@host",
        "TILLID_METRICS_TOKEN": SET["TILLID_SECRET_KEY"],
    }
    file = tmp_path / "secret"
    file.write_text(f"{values[name]}\n")
    others = {key: value for key, value in values.items() if key != name}

    assert Config.from_environment({**others, f"{name}_FILE": str(file)}) == Config.from_environment(values)
    with pytest.raises(ConfigError, match=f"{name}: is set, and {name}_FILE too"):
        Config.from_environment({**values, f"{name}_FILE": str(file)})
    with pytest.raises(ConfigError, match=f"{name}_FILE: .* cannot be read"):
        Config.from_environment({**others, f"{name}_FILE": str(tmp_path / "nothing")})
