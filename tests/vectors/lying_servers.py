"""
What a server tells a trustee, honestly and in every false way we know; for Python and the browser alike.

Run from the checkout with `.venv/bin/python -m tests.vectors.lying_servers` when a format has changed. Keys
are fresh each time, so the file is not compared; tests/survey/trustees/test_vectors.py and
frontend/tests/trustees.test.ts hold both clients to what it says.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from questionnaires.digest import canonical_bytes
from survey.sealing import shares, xwing
from survey.sealing.domains import Domain
from survey.sealing.identity import Identity, fingerprint
from survey.trustees.keyfile import ConfirmedWave, Kdf, KeyFile, key_fingerprint, wrap
from survey.waves.manifest import to_b64
from tests.survey.waves import manifests

FILE = Path(__file__).parent / "trustees.json"
PASSPHRASE = "abandon ability able about above absent"
ZEROS, SIGNATURE = "0" * 64, to_b64(bytes(64))
# As weak as a file may be: what takes long on purpose is tried elsewhere.
WEAK = {"memory_kib": 8192, "iterations": 1}

Value = dict[str, Any]


class Scene:
    """One wave, its custody, its first trustee, and custody's request for their share."""

    def __init__(self) -> None:
        self.seeds = [xwing.new_seed() for _ in range(3)]
        self.identity = Identity(Identity.new_seed())
        self.manifest = self.changed()
        self.digest = sha256(self.manifest).digest()
        self.shares = shares.split(xwing.new_seed(), 2, 3)
        self.one_time_seed = xwing.new_seed()
        self.wave = "0123456789abcdef"

    def changed(self, **changes: object) -> bytes:
        """The manifest's bytes with some keys changed."""
        key = self.identity.public_key
        roles = ("employees", "management", "secretariat")
        pins: list[Value] = [
            {"number": number, "role": role, "fingerprint": key_fingerprint(seed)}
            for number, (role, seed) in enumerate(zip(roles, self.seeds, strict=True), 1)
        ]
        custody = {"key": to_b64(key), "fingerprint": fingerprint(key)}
        value: Value = {**manifests.right(), "trustees": pins, "custody": custody, **changes}
        return canonical_bytes(value)

    def signed(self, domain: Domain, *parts: bytes) -> str:
        return to_b64(self.identity.sign(domain, *parts))

    def promise(self, manifest: bytes) -> Value:
        """A manifest as custody would send it."""
        digest = sha256(manifest).digest()
        return {
            "manifest": to_b64(manifest),
            "manifest_signature": self.signed(Domain.MANIFEST, digest),
            "sealed_share": self.sealed(1, digest),
        }

    def sealed(self, number: int, digest: bytes) -> str:
        seed = self.seeds[number - 1]
        binding = shares.Binding(self.wave, digest, number, bytes.fromhex(key_fingerprint(seed)))
        return to_b64(shares.seal_share(self.shares[number - 1], xwing.public_bytes(seed), binding))

    def request(self, **changes: object) -> Value:
        """Custody's request, wholly signed, for a list with some keys changed."""
        statement: Value = {
            "format": "tillid-list/1",
            "wave": self.wave,
            "manifest": self.digest.hex(),
            "exchanged": 31,
            "received": 30,
            "withdrawn": 2,
            "rejected": {"credential_refused": 1},
            "count": 27,
            "digest": sha256(b"the list").hexdigest(),
            **changes,
        }
        key = xwing.public_bytes(self.one_time_seed)
        opening = shares.Opening(self.wave, self.digest, bytes.fromhex(statement["digest"]), key)
        return {
            "list": statement,
            "list_signature": self.signed(Domain.LIST, sha256(canonical_bytes(statement)).digest()),
            "one_time_key": to_b64(key),
            "signature": self.signed(Domain.OPENING, *opening.signed_parts()),
        }

    def answer(self) -> Value:
        """What an honest server says."""
        return {
            "wave": self.wave,
            "number": 1,
            **self.promise(self.manifest),
            "custody_key": to_b64(self.identity.public_key),
            "opening": self.request(),
        }

    def key_file(self) -> KeyFile:
        kdf = Kdf(salt=to_b64(bytes(range(16))), **WEAK)  # type: ignore[arg-type]  # numbers, as named
        _, wrapped = wrap(self.seeds[0], PASSPHRASE, kdf)
        return KeyFile(
            server="https://culture.example.org",
            trustee="ghjkmnpqrstvwxyz",
            role="employees",
            token="token",
            public_key=to_b64(xwing.public_bytes(self.seeds[0])),
            fingerprint=key_fingerprint(self.seeds[0]),
            kdf=kdf,
            wrapped_seed=wrapped,
            custody=fingerprint(self.identity.public_key),
            waves={self.wave: ConfirmedWave(manifest=self.digest.hex())},
        )


def lies(scene: Scene) -> list[Value]:
    """Each: what it is, what changes of the answer (and its opening), what the file knew, why refused."""
    other = Identity(Identity.new_seed())
    honest = scene.request()
    manifest = scene.manifest
    fewer = manifest.replace(b'"invited":40', b'"invited":5')
    of_list = scene.signed(Domain.LIST, scene.digest)
    own_key = to_b64(xwing.public_bytes(xwing.new_seed()))
    second = scene.request(digest=sha256(b"a second list").hexdigest(), count=26)
    first = {scene.wave: {"manifest": scene.digest.hex(), "list": honest["list"]["digest"]}}
    unknown: Value = {scene.wave: {"manifest": ZEROS, "list": None}}
    return [
        lie("another custody", "other_custody", answer={
            "custody_key": to_b64(other.public_key),
            "manifest_signature": to_b64(other.sign(Domain.MANIFEST, scene.digest)),
        }),
        lie("another manifest, not signed", "not_signed", answer={"manifest": to_b64(fewer)}),
        lie("a signature of zeros", "not_signed", answer={"manifest_signature": SIGNATURE}),
        lie("a signature for another purpose", "not_signed", answer={"manifest_signature": of_list}),
        lie("another wave's answer", "other_wave", answer={"wave": "zyxwvtsrqpnmkjhg"}),
        lie("another wave's manifest, signed", "other_wave",
            answer=scene.promise(scene.changed(wave="zyxwvtsrqpnmkjhg"))),
        lie("another manifest, signed", "not_confirmed", answer=scene.promise(fewer)),
        lie("a quorum of one, signed", "unreadable", answer=scene.promise(scene.changed(quorum=1))),
        lie("another trustee's number", "not_among_trustees", answer={"number": 2}),
        lie("another trustee's share", "share_does_not_open",
            answer={"sealed_share": scene.sealed(2, scene.digest)}),
        lie("promises that were not confirmed", "not_confirmed", knows=unknown),
        lie("a wave the file does not know", "not_confirmed", knows={}),
        lie("no request", "not_asked", answer={"opening": None}),
        lie("a false one-time key", "not_signed", opening={"one_time_key": own_key}),
        lie("another list, not signed", "not_signed", opening={"list": {**honest["list"], "digest": ZEROS}}),
        lie("another count in a signed list", "not_signed", opening={"list": {**honest["list"], "count": 1}}),
        lie("another wave's list, signed", "other_list",
            opening=scene.request(wave="zyxwvtsrqpnmkjhg")),
        lie("a list under other promises, signed", "other_list", opening=scene.request(manifest=ZEROS)),
        lie("a second list, signed", "second_list", opening=second, knows=first),
    ]  # fmt: skip


def lie(name: str, refused: str, **what: object) -> Value:
    return {"name": name, "refused": refused, **what}


def told(vectors: Value, vector: Value) -> Value:
    """The answer with this lie in it."""
    answer = {**vectors["answer"], **vector.get("answer", {})}
    if "opening" in vector:
        answer["opening"] = {**answer["opening"], **vector["opening"]}
    return answer


def made() -> Value:
    scene = Scene()
    share = scene.shares[0]
    return {
        "passphrase": PASSPHRASE,
        "key_file": scene.key_file().model_dump(mode="json"),
        "seed": scene.seeds[0].hex(),
        "answer": scene.answer(),
        "share": share.hex(),
        "confirmation": to_b64(shares.confirmation(share, scene.digest)),
        "one_time_seed": scene.one_time_seed.hex(),
        "lies": lies(scene),
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(made(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
