"""Every file that a wave leaves behind is what docs/reference/formats.md and its schemas say."""

import json
from dataclasses import dataclass
from hashlib import sha256

import httpx
import pytest
from jsonschema import Draft202012Validator

from questionnaires.digest import canonical_bytes
from questionnaires.loading import load
from survey.sealing.domains import Domain
from survey.sealing.identity import check_signed
from survey.waves import manifest as manifests
from survey.waves.manifest import from_b64
from tests.alliances import ROUTING, fielded, routing_replies
from tests.documentation.test_schemas import schema


@dataclass(frozen=True)
class Written:
    """What one wave published, as it was served or stored."""

    manifest: bytes
    questionnaire: bytes
    list: bytes
    buckets: bytes
    release: bytes

    @property
    def custody(self) -> bytes:
        return from_b64(json.loads(self.manifest)["custody"]["key"])


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("alliance")
    with fielded(folder, load(ROUTING), routing_replies(12), 15).opened() as (alliance, ballot):
        alliance.close(ballot)

        def got(name: str) -> bytes:
            answer: httpx.Response = alliance.http.get(f"/w/{ballot.wave}/{name}")
            assert answer.status_code == 200
            return answer.content

        release = alliance.approve(ballot, 2)
        buckets = b"".join(got(f"list/{bucket:02x}") for bucket in range(256))
        return Written(
            got("manifest.json"), got("questionnaire.json"), got("list.json"), buckets, release or b""
        )


@pytest.mark.parametrize("name", ["manifest", "release"])
def test_a_written_file_is_canonical_and_holds_by_its_schema(written: Written, name: str) -> None:
    data: bytes = getattr(written, name)

    assert canonical_bytes(json.loads(data)) == data
    Draft202012Validator(schema(name)).validate(json.loads(data))


def test_the_questionnaire_that_is_served_is_the_one_the_manifest_pins(written: Written) -> None:
    assert canonical_bytes(json.loads(written.questionnaire)) == written.questionnaire
    assert (
        sha256(written.questionnaire).hexdigest() == json.loads(written.manifest)["questionnaire"]["digest"]
    )


def test_the_list_adds_up_and_is_signed_as_the_page_says(written: Written) -> None:
    served = json.loads(written.list)
    statement = served["statement"]
    digests = [written.buckets[at : at + 32] for at in range(0, len(written.buckets), 32)]

    assert statement["received"] == statement["count"] + statement["withdrawn"] + sum(
        statement["rejected"].values()
    )
    assert statement["manifest"] == sha256(written.manifest).hexdigest()
    assert digests == sorted(digests)
    assert len(digests) == statement["count"] == 12
    everything = b"tillid list v1\x00" + statement["wave"].encode() + b"".join(digests)
    assert statement["digest"] == sha256(everything).hexdigest()
    signature = from_b64(served["signature"])
    check_signed(written.custody, signature, Domain.LIST, sha256(canonical_bytes(statement)).digest())


def test_the_release_names_the_promises_and_the_list_it_was_made_under(written: Written) -> None:
    release, served = json.loads(written.release), json.loads(written.list)
    manifest = json.loads(written.manifest)

    assert release["wave"]["manifest"] == manifests.digest(written.manifest).hex()
    assert release["questionnaire"] == manifest["questionnaire"]
    assert release["list"]["digest"] == served["statement"]["digest"]
    assert release["list"]["signature"] == served["signature"]
    assert release["ledger"]["plan"] == sha256(canonical_bytes(manifest["publication"])).hexdigest()
