"""
Processor time of the server for one exchange and one submission: the whole request, database and answer too.

In one process, without a network: what a web process spends on a respondent. Beside each, the limit of the
design; the bare verification of a row is in benchmarks/sealing.py.
"""

from __future__ import annotations

import os
import platform
import secrets
import tempfile
import time
from pathlib import Path

from questionnaires.answers import Answers, encode, padded
from questionnaires.loading import load
from survey.answering.client import Respondent
from survey.commands.alliance import open_alliance
from survey.sealing import credentials, envelope, rows
from survey.waves.checking import verifier_of
from survey.waves.clock import today
from tests.alliances import plan

NUMBER = 200
NO_CONTENT = 204
WORKPLACE = load(Path("questionnaires/definitions/workplace.yaml"))
BYTES = {"Content-Type": "application/octet-stream"}


def main() -> None:
    """Measure, and print a table."""
    print(f"{platform.platform()}, {os.cpu_count()} cores; {NUMBER} of each, milliseconds of processor time")
    with tempfile.TemporaryDirectory() as folder, open_alliance(Path(folder), 8000) as alliance:
        organisation = alliance.organisation("Benchmark", "labour_market")
        trustees = alliance.trustees(organisation)
        ballot = alliance.field(organisation, WORKPLACE, plan(NUMBER, first=today()), trustees)
        respondent = Respondent.arrive(alliance.http, ballot.wave, ballot.pin)
        exchange, submit, verify = [], [], []
        verifier = verifier_of(respondent.manifest.to_bytes())
        for code in ballot.codes:
            key = credentials.CredentialKey.of(secrets.token_bytes(16), ballot.wave)
            message = credentials.credential_message(ballot.wave, key.public)
            blinding = credentials.blind(respondent.issuing_key, message)
            path, body = f"/w/{ballot.wave}", code.encode() + blinding.blinded
            began = time.process_time()
            signed = alliance.http.post(f"{path}/credential", content=body, headers=BYTES).content
            exchange.append(time.process_time() - began)
            signature = credentials.finalise(respondent.issuing_key, message, blinding, signed)
            row = made(respondent, key, blinding.randomiser, signature)
            submission = rows.submission(respondent.manifest_digest, row)
            began = time.process_time()
            if (
                alliance.http.post(f"{path}/responses", content=submission, headers=BYTES).status_code
                != NO_CONTENT
            ):
                raise SystemExit("a submission was refused")
            submit.append(time.process_time() - began)
            began = time.process_time()
            verifier.read(submission)
            verify.append(time.process_time() - began)
    for name, spent, limit in (
        ("an exchange", exchange, "5"),
        ("a submission", submit, ""),
        ("its verification", verify, "0.3"),
    ):
        spent.sort()
        half, most = spent[len(spent) // 2] * 1000, spent[int(len(spent) * 0.95)] * 1000
        print(f"{name:<20} p50 {half:>7.2f}   p95 {most:>7.2f}   limit {limit or '–'}")


def made(
    respondent: Respondent, key: credentials.CredentialKey, randomiser: bytes, signature: bytes
) -> rows.Row:
    """A response that says nothing, sealed and signed."""
    size = envelope.padded_size(respondent.manifest.envelope_size)
    nothing = encode(WORKPLACE, None, Answers((None,) * len(WORKPLACE.items)))
    sealed = respondent.sealer.seal(padded(nothing, size), key.public)
    signed = key.sign_row(
        credentials.row_message(respondent.manifest.wave, respondent.manifest_digest, 0, sealed)
    )
    return rows.Row(key.public, randomiser, signature, 0, signed, sealed)


if __name__ == "__main__":
    main()
