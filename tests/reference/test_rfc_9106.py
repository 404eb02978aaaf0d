"""Argon2id against RFC 9106 §5.3: what a trustee's passphrase wraps their seed with."""

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from tests.reference.published import octets, vectors


def test_the_library_derives_what_is_published() -> None:
    vector = vectors("rfc_9106")

    derived = Argon2id(
        salt=octets(vector["salt"]),
        length=vector["length"],
        iterations=vector["iterations"],
        lanes=vector["lanes"],
        memory_cost=vector["memory_kib"],
        ad=octets(vector["associated_data"]),
        secret=octets(vector["secret"]),
    ).derive(octets(vector["password"]))

    assert derived.hex() == vector["tag"]
