"""
A trustee's own side: enrol a key, confirm a share, approve an opening; nothing the server says is trusted.

`tillid trustee` runs this on the trustee's machine; whoever distrusts the web page can use it instead.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

import httpx

from questionnaires.digest import canonical_bytes
from survey.sealing import shares, xwing
from survey.sealing.domains import Domain
from survey.sealing.identity import SignatureError, check_signed, fingerprint
from survey.sealing.paper import unsealed_codes
from survey.trustees.keyfile import ConfirmedWave, KeyFile, wrap
from survey.waves import manifest as manifests
from survey.waves.manifest import Manifest, from_b64, to_b64


class TrusteeError(Exception):
    """Something the trustee must not agree to, or cannot; the message says why and what to do."""


class Promise(NamedTuple):
    """A wave as custody signed it, checked."""

    manifest: Manifest
    digest: bytes
    number: int
    sealed_share: bytes


def enrol(http: httpx.Client, token: str, passphrase: str) -> KeyFile:
    """
    A fresh key, enrolled with the server under the invitation's `token`.

    Raises:
        TrusteeError: If the server refuses.
    """
    seed = xwing.new_seed()
    public = xwing.public_bytes(seed)
    answer = _json(_asked(http, token, "POST", "/trustees/enrolment", {"public_key": to_b64(public)}))
    kdf, wrapped_seed = wrap(seed, passphrase)
    return KeyFile(
        server=str(http.base_url).rstrip("/"),
        trustee=str(answer["trustee"]),
        role=str(answer["role"]),
        token=token,
        public_key=to_b64(public),
        fingerprint=shares.trustee_fingerprint(public).hex(),
        kdf=kdf,
        wrapped_seed=wrapped_seed,
        custody=str(answer["custody"]),
    )


@dataclass(frozen=True, slots=True)
class TrusteeClient:
    """A trustee with an unlocked key; `file` is what it knew before, a step returns what it knows after."""

    http: httpx.Client
    file: KeyFile = field(repr=False)
    seed: bytes = field(repr=False)

    def waves(self) -> list[dict[str, object]]:
        """The waves that depend on this trustee, with state and what was done."""
        answer = _json(self._ask("GET", "/trustees/waves"))
        waves: list[dict[str, object]] = answer["waves"]  # type: ignore[assignment]  # read from JSON
        return waves

    def promise(self, wave: str) -> Promise:
        """
        What `wave` promises, signed by the custody this trustee knows.

        Raises:
            TrusteeError: If custody is another one, the signature does not hold, or this key is not in it.
        """
        return self._promise(self._wave(wave))

    def confirm(self, wave: str) -> KeyFile:
        """
        Show that this trustee's share unwraps, and remember the promises it belongs to.

        Raises:
            TrusteeError: If something is not what it should be; nothing was confirmed then.
        """
        promise = self.promise(wave)
        known = self.file.waves.get(wave)
        if known is not None and known.manifest != promise.digest.hex():
            raise TrusteeError(f"wave {wave}: its promises are not those you confirmed; tell the secretariat")
        share = self._share(wave, promise)
        shown = shares.confirmation(share, promise.digest)
        self._ask("POST", f"/trustees/waves/{wave}/confirmation", {"confirmation": to_b64(shown)})
        return self.file.with_wave(wave, known or ConfirmedWave(manifest=promise.digest.hex()))

    def approved(self, wave: str) -> tuple[KeyFile, dict[str, object]]:
        """
        The file that remembers the list to be approved, and the approval to send once it is saved.

        Raises:
            TrusteeError: If the promises, the list or custody's signature are not what they should be.
        """
        data = self._wave(wave)
        promise = self._promise(data)
        known = self._known(wave, promise)
        opening = self._opening(data, promise)
        digest = opening.list_digest.hex()
        if known.list not in (None, digest):
            raise TrusteeError(f"wave {wave}: you approved another list before; this one is never opened")
        approval = shares.approve(self._share(wave, promise), opening)
        remembered = self.file.with_wave(wave, ConfirmedWave(manifest=known.manifest, list=digest))
        return remembered, {"list": digest, "approval": to_b64(approval)}

    def prove(self, wave: str) -> None:
        """
        Show once more that this trustee's share unwraps, so that a lost key is noticed in time.

        Raises:
            TrusteeError: If the promises are not those that were confirmed.
        """
        shown = self._shown(wave)
        self._ask("POST", f"/trustees/waves/{wave}/confirmation", {"confirmation": to_b64(shown)})

    def decline(self, wave: str, reason: str) -> None:
        """
        Say that this trustee will not open `wave`, and why; an approval that was given is taken back.

        Raises:
            TrusteeError: If the promises are not those that were confirmed.
        """
        body: dict[str, object] = {"confirmation": to_b64(self._shown(wave)), "reason": reason}
        self._ask("POST", f"/trustees/waves/{wave}/refusal", body)

    def send_approval(self, wave: str, approval: dict[str, object]) -> None:
        """Give custody this trustee's share for one opening of the list that the file remembers."""
        self._ask("POST", f"/trustees/waves/{wave}/approval", approval)

    def paper_codes(self, wave: str) -> tuple[Promise, list[str]]:
        """
        What `wave` promises, as this trustee confirmed it, and the codes for responses on paper.

        Raises:
            TrusteeError: If the promises are not those that were confirmed, or this trustee got no codes.
            PaperCodesError: If the codes are not sealed to this trustee.
        """
        data = self._wave(wave)
        promise = self._promise(data)
        known = self.file.waves.get(wave)
        if known is None or known.manifest != promise.digest.hex():
            raise TrusteeError(f"wave {wave}: you have not confirmed these promises; nothing was typed in")
        sealed = data["paper_codes"]
        if not isinstance(sealed, str):
            raise TrusteeError(
                f"wave {wave}: there are no paper codes for you. The trustees of the employees and of the "
                "secretariat have them, once a wave with paper is open"
            )
        return promise, unsealed_codes(from_b64(sealed), self.seed, wave, promise.digest)

    def _promise(self, data: dict[str, object]) -> Promise:
        raw = from_b64(str(data["manifest"]))
        digest, custody = manifests.digest(raw), from_b64(str(data["custody_key"]))
        if fingerprint(custody) != self.file.custody:
            raise TrusteeError("custody: this is not the custody you enrolled with; tell the secretariat")
        _check(custody, str(data["manifest_signature"]), Domain.MANIFEST, digest)
        manifest = manifests.from_bytes(raw)
        if manifest.wave != data["wave"]:
            raise TrusteeError(
                f"wave {data['wave']}: these are another wave's promises; tell the secretariat"
            )
        number = int(str(data["number"]))
        mine = (number, self.file.fingerprint)
        if mine not in [(pin.number, pin.fingerprint) for pin in manifest.trustees]:
            raise TrusteeError(
                f"wave {manifest.wave}: your key is not among its trustees; tell the secretariat"
            )
        return Promise(manifest, digest, number, from_b64(str(data["sealed_share"])))

    def _known(self, wave: str, promise: Promise) -> ConfirmedWave:
        known = self.file.waves.get(wave)
        if known is None or known.manifest != promise.digest.hex():
            raise TrusteeError(f"wave {wave}: you have not confirmed these promises; nothing was sent")
        return known

    def _shown(self, wave: str) -> bytes:
        promise = self.promise(wave)
        self._known(wave, promise)
        return shares.confirmation(self._share(wave, promise), promise.digest)

    def _opening(self, data: dict[str, object], promise: Promise) -> shares.Opening:
        request = data["opening"]
        if not isinstance(request, dict):
            raise TrusteeError(
                f"wave {promise.manifest.wave}: custody has not asked for your share yet; wait"
            )
        custody = from_b64(promise.manifest.custody.key)
        statement = canonical_bytes(request["list"])
        _check(custody, request["list_signature"], Domain.LIST, sha256(statement).digest())
        opening = shares.Opening(
            promise.manifest.wave,
            promise.digest,
            bytes.fromhex(request["list"]["digest"]),
            from_b64(request["one_time_key"]),
        )
        _check(custody, request["signature"], Domain.OPENING, *opening.signed_parts())
        if (request["list"]["wave"], request["list"]["manifest"]) != (opening.wave, promise.digest.hex()):
            raise TrusteeError(f"wave {opening.wave}: the list is of another wave; nothing was approved")
        return opening

    def _share(self, wave: str, promise: Promise) -> bytes:
        trustee = bytes.fromhex(self.file.fingerprint)
        binding = shares.Binding(wave, promise.digest, promise.number, trustee)
        return shares.unwrap_share(promise.sealed_share, self.seed, binding)

    def _wave(self, wave: str) -> dict[str, object]:
        data = _json(self._ask("GET", f"/trustees/waves/{wave}"))
        if data["wave"] != wave:
            raise TrusteeError(f"wave {wave}: the server answered with another wave; tell the secretariat")
        return data

    def _ask(self, method: str, path: str, body: dict[str, object] | None = None) -> httpx.Response:
        return _asked(self.http, self.file.token, method, path, body)


def _check(key: bytes, signature: str, domain: Domain, *parts: bytes) -> None:
    try:
        check_signed(key, from_b64(signature), domain, *parts)
    except SignatureError as fault:
        raise TrusteeError(f"custody: {fault}; nothing was approved, tell the secretariat") from fault


def _asked(
    http: httpx.Client, token: str, method: str, path: str, body: dict[str, object] | None = None
) -> httpx.Response:
    try:
        answer = http.request(method, path, json=body, headers={"Authorization": f"Bearer {token}"})
    except httpx.HTTPError as fault:
        raise TrusteeError(
            f"{http.base_url}: no answer ({fault}); try again when the server is up"
        ) from fault
    if answer.is_error:
        raise TrusteeError(f"{path}: refused ({answer.status_code} {_reason(answer)})")
    return answer


def _reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["error"])
    except (ValueError, KeyError, TypeError):
        return answer.reason_phrase


def _json(answer: httpx.Response) -> dict[str, object]:
    value: dict[str, object] = answer.json()
    return value
