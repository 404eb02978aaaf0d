"""
What most tests need anew and is the same each time, made once in a process; and passwords at a low price.

Tables, addresses, pages, sentences and definitions: the first of each is made by the product's own code, the
next get a copy. A database that holds anything is upgraded as ever, and what runs in a process of its own
knows nothing of this.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

import pytest
from argon2 import PasswordHasher
from babel import Locale
from babel.support import NullTranslations, Translations
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.rules import RulePart

from questionnaires import loading
from survey.accounts import signing_in
from survey.people import accounts
from survey.storage import upgrading
from survey.storage.databases import SQLITE, open_engine
from survey.trustees import client
from survey.trustees.keyfile import Kdf, WrappedSeed, wrap
from survey.waves.manifest import to_b64

HEAD: Final = "head"
LIGHT: Final = {"time_cost": 2, "memory_cost": 1024, "parallelism": 1}


class Tables:
    """A database of each line with this version's tables, which empty ones are filled from."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._upgrade = upgrading.upgrade_one
        self._made: dict[str, sqlite3.Connection] = {}

    @classmethod
    @contextmanager
    def in_folder(cls, folder: Path) -> Iterator[Self]:
        """They lie here, open until the block ends."""
        made = cls(folder)
        yield made
        for connection in made._made.values():
            connection.close()

    def upgrade_one(self, line: str, engine: Engine, revision: str = HEAD) -> None:
        """Stand in for the product's function of this name."""
        if revision == HEAD and engine.dialect.name == SQLITE and _is_empty(engine):
            with engine.connect() as connection:
                target = connection.connection.driver_connection
                assert isinstance(target, sqlite3.Connection)
                self._of(line).backup(target)
        else:
            self._upgrade(line, engine, revision)

    def _of(self, line: str) -> sqlite3.Connection:
        if line not in self._made:
            file = self._folder / f"{line}.db"
            engine = open_engine(f"sqlite:///{file}")
            self._upgrade(line, engine)
            engine.dispose()
            self._made[line] = sqlite3.connect(file, check_same_thread=False)
        return self._made[line]


def _is_empty(engine: Engine) -> bool:
    with engine.connect() as connection:
        return not connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()


@dataclass(frozen=True)
class ReadRule:
    """What Werkzeug makes of the text of an address, which is the same wherever the converters are."""

    parts: Sequence[RulePart]
    trace: Sequence[tuple[bool, str]]
    converters: Mapping[str, BaseConverter]


class KnownRule(Rule):
    """An address that is read, and its builder compiled, once for all applications that have it."""

    _builders: Final[dict[Hashable, Callable[..., tuple[str, str]]]] = {}
    _read: Final[dict[Hashable, ReadRule]] = {}

    def _parse_rule(self, rule: str) -> Iterable[RulePart]:
        key = (rule, frozenset(self.map.converters.items()))
        if key not in self._read:
            parts = tuple(super()._parse_rule(rule))
            self._read[key] = ReadRule(parts, tuple(self._trace), dict(self._converters))
        read = self._read[key]
        self._trace[:] = read.trace
        self._converters.update(read.converters)
        self.arguments.update(read.converters)
        return read.parts

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:
            return super()._compile_builder(append_unknown)
        key = (self.rule, tuple(self._trace), append_unknown)
        if key not in self._builders:
            self._builders[key] = super()._compile_builder(append_unknown)
        return self._builders[key]


class KnownPages(BytecodeCache):
    """Templates, compiled once for all applications; Jinja asks whether the source is still the same."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, if this template was compiled before."""
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._compiled[bucket.key] = bucket.bytecode_to_string()


def make_once(patch: pytest.MonkeyPatch, tables: Tables) -> None:
    """Make each of these once, for as long as the patch lasts."""
    patch.setattr(upgrading, "upgrade_one", tables.upgrade_one)
    patch.setattr(Flask, "url_rule_class", KnownRule)
    patch.setattr(Flask, "jinja_options", {"bytecode_cache": KnownPages()})
    patch.setattr(Translations, "load", _sentences())
    patch.setattr(loading, "_plain_data", _definitions())
    _lower_the_price(patch)


def _sentences() -> Callable[..., NullTranslations]:
    """Read each catalogue once; whoever asks merges it into one of their own."""
    read, known = Translations.load, dict[str, NullTranslations]()

    def load(folder: str, locales: Sequence[Locale], domain: str) -> NullTranslations:
        key = f"{folder} {locales} {domain}"
        if key not in known:
            known[key] = read(folder, locales, domain)
        return known[key]

    return load


def _definitions() -> Callable[[str], object]:
    """Read a definition's YAML once, which takes a third of a second; everybody gets a copy of the data."""
    read = lru_cache(maxsize=32)(loading._plain_data)
    return lambda text: deepcopy(read(text))


def _lower_the_price(patch: pytest.MonkeyPatch) -> None:
    """
    Derive keys from passwords in a moment: at full price an account costs a fifth of a second, a trustee two.

    What the full price is, is held by tests/test_made_once.py and tests/documentation/test_formats.py.
    """
    patch.setattr(accounts, "PasswordHasher", _light_hasher)
    options = {f"argon2__{name}": value for name, value in LIGHT.items()}
    patch.setitem(signing_in.SETTINGS, "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS", options)
    patch.setattr(client, "wrap", _wrap_lightly)


def _light_hasher() -> PasswordHasher:
    return PasswordHasher(
        time_cost=LIGHT["time_cost"], memory_cost=LIGHT["memory_cost"], parallelism=LIGHT["parallelism"]
    )


def _wrap_lightly(seed: bytes, passphrase: str) -> tuple[Kdf, WrappedSeed]:
    salt = to_b64(secrets.token_bytes(16))
    return wrap(seed, passphrase, Kdf(memory_kib=8192, iterations=1, salt=salt))
