"""
A respondent without a browser: the same journey over HTTP, for replays, the demo and tests.

What frontend/src/sending.ts does on a phone: check the pin, exchange the code, seal, submit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from questionnaires.answers import Answers, encode, padded
from questionnaires.digest import load_definition
from questionnaires.model import Questionnaire
from survey.answering.working import worked
from survey.sealing import credentials, envelope, rows
from survey.sealing.seal import WaveSealer
from survey.waves import manifest as manifests
from survey.waves.manifest import Channel, Manifest, from_b64

_BYTES = {"Content-Type": "application/octet-stream"}


class AnsweringError(Exception):
    """The server refused, or served something else than was promised; `code` stands in formats.md."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the response was not taken: {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Prepared:
    """A response that is ready to be sent under some code: sealed, with what the exchange needs."""

    secret: bytes = field(repr=False)
    blinding: credentials.Blinding = field(repr=False)
    envelope: bytes


@dataclass(frozen=True, slots=True)
class Respondent:
    """Answers one wave, whose promises were checked against the pin of the invitation."""

    http: httpx.Client
    manifest: Manifest
    manifest_digest: bytes
    questionnaire: Questionnaire
    sealer: WaveSealer
    issuing_key: RSAPublicKey

    @classmethod
    def arrive(
        cls, http: httpx.Client, wave: str, pin: str, channel: Channel = Channel.INVITATION
    ) -> Respondent:
        """
        Fetch what `wave` promises and asks.

        Raises:
            AnsweringError: If it is not what the pin says, or the wave is unknown.
        """
        data = _got(http, f"/w/{wave}/manifest.json")
        digest = manifests.digest(data)
        if manifests.pin(digest) != pin:
            raise AnsweringError("wrong_manifest")
        manifest = manifests.from_bytes(data)
        definition = _got(http, f"/w/{wave}/questionnaire.json")
        if sha256(definition).hexdigest() != manifest.questionnaire.digest:
            raise AnsweringError("wrong_manifest")
        return cls(
            http,
            manifest,
            digest,
            load_definition(definition),
            WaveSealer(from_b64(manifest.wave_key), digest),
            credentials.issuing_public_key(manifest.issuing_key(channel)),
        )

    def send(self, code: str, unit: int | None, answers: Answers) -> bytes:
        """
        Exchange `code` and submit `answers`; the secret that the receipt would show.

        Raises:
            AnsweringError: If the code or the response is refused.
        """
        prepared = self.prepared(unit, answers)
        self.deliver(code, prepared)
        return prepared.secret

    def prepared(self, unit: int | None, answers: Answers) -> Prepared:
        """Make everything that `deliver` sends: whoever keeps it can deliver it again after a lost reply."""
        secret = credentials.new_secret()
        key = credentials.CredentialKey.of(secret, self.manifest.wave)
        return Prepared(secret, self._blinded(key), self._sealed(key, unit, answers))

    def deliver(self, code: str, prepared: Prepared) -> None:
        """
        Exchange `code` and submit what was prepared; doing it twice is as good as once.

        Raises:
            AnsweringError: If the code or the response is refused.
        """
        key = credentials.CredentialKey.of(prepared.secret, self.manifest.wave)
        randomiser, signature = self._credential(code, key, prepared.blinding)
        row = self._row(key, randomiser, signature, prepared.envelope)
        _posted(self.http, f"/w/{self.manifest.wave}/responses", rows.submission(self.manifest_digest, row))

    def _blinded(self, key: credentials.CredentialKey) -> credentials.Blinding:
        message = credentials.credential_message(self.manifest.wave, key.public)
        return credentials.blind(self.issuing_key, message)

    def _credential(
        self, code: str, key: credentials.CredentialKey, blinding: credentials.Blinding | None = None
    ) -> tuple[bytes, bytes]:
        message = credentials.credential_message(self.manifest.wave, key.public)
        blinding = blinding or self._blinded(key)
        body = code.encode("ascii") + blinding.blinded
        blind_signature = _checked(self._exchanged(body))
        return blinding.randomiser, credentials.finalise(self.issuing_key, message, blinding, blind_signature)

    def _exchanged(self, body: bytes) -> httpx.Response:
        """What the server says to a code; where many were wrong before, it is asked again with work done."""
        path = f"/w/{self.manifest.wave}/credential"
        answer = self.http.post(path, content=body, headers=_BYTES)
        if answer.status_code != HTTPStatus.TOO_MANY_REQUESTS:
            return answer
        try:
            wanted = answer.json()
            proof = worked(from_b64(wanted["challenge"]), body, wanted["bits"])
        except (ValueError, KeyError, TypeError):
            return answer
        return self.http.post(path, content=body + proof, headers=_BYTES)

    def _sealed(self, key: credentials.CredentialKey, unit: int | None, answers: Answers) -> bytes:
        plaintext = encode(self.questionnaire, unit, answers)
        size = envelope.padded_size(self.manifest.envelope_size)
        return self.sealer.seal(padded(plaintext, size), key.public)

    def _row(
        self, key: credentials.CredentialKey, randomiser: bytes, signature: bytes, sealed: bytes
    ) -> rows.Row:
        signed = credentials.row_message(self.manifest.wave, self.manifest_digest, 0, sealed)
        return rows.Row(key.public, randomiser, signature, 0, key.sign_row(signed), sealed)


def _got(http: httpx.Client, path: str) -> bytes:
    return _checked(http.get(path))


def _posted(http: httpx.Client, path: str, body: bytes) -> bytes:
    return _checked(http.post(path, content=body, headers=_BYTES))


def _checked(answer: httpx.Response) -> bytes:
    if answer.is_error:
        try:
            raise AnsweringError(str(answer.json()["error"]))
        except (ValueError, KeyError, TypeError) as fault:
            raise AnsweringError(f"http_{answer.status_code}") from fault
    return answer.content
