"""
Proofs of work: what an attempt costs where many codes were wrong, and a right to answer in an open wave.

An address from which many codes were wrong is not closed, since a whole school may stand behind it: a code is
looked at once a browser has worked for it, a second or so. The work is done for one request, code and all, so
that each guess takes work of its own, and the server remembers nothing. Why, and what a guess costs:
docs/decisions/0120. An open wave has no codes, and every request is worked for: docs/decisions/0125.
"""

from __future__ import annotations

import hmac
from hashlib import sha512
from itertools import count
from typing import Final

from survey.sealing.domains import Domain

# On average 2^15 digests: half a second to a second on a slow telephone.
BITS: Final = 15
# On average 2^17 digests: half a second on a desktop, some seconds on a slow telephone. Once for an answer.
OPEN_BITS: Final = 17
# More than a minute on a telephone: a server that asks for it means harm.
MOST_BITS: Final = 20
PROOF_SIZE: Final = 8
_DIGEST_BITS: Final = 512


def challenge(key: bytes, wave: str, hour: int) -> bytes:
    """What is worked on in an hour, 32 bytes: the same for everybody in a wave, at every node."""
    return hmac.digest(key, Domain.WORK.message(str(hour).encode("ascii"), b" ", wave.encode()), "sha256")


def shows_work(proof: bytes, challenge: bytes, request: bytes, bits: int = BITS) -> bool:
    """Whether `proof` (8 bytes) was found for this request under this challenge."""
    return _is_found(Domain.WORK.hash(challenge, request) + proof, bits)


def worked(challenge: bytes, request: bytes, bits: int = BITS) -> bytes:
    """
    Work for a request: the first proof that shows it.

    Raises:
        ValueError: If `bits` is more than anybody honest asks for.
    """
    if not 0 <= bits <= MOST_BITS:
        raise ValueError(f"{bits} bits of work are asked for; {MOST_BITS} are the most that is done")
    seed = Domain.WORK.hash(challenge, request)
    tries = (number.to_bytes(PROOF_SIZE) for number in count())
    return next(proof for proof in tries if _is_found(seed + proof, bits))


def _is_found(tried: bytes, bits: int) -> bool:
    return int.from_bytes(sha512(tried).digest()) >> (_DIGEST_BITS - bits) == 0
