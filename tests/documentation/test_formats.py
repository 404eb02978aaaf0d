"""docs/reference/formats.md says everything about what leaves a part, and nothing that is not so."""

import re
from collections.abc import Iterable

import pytest
from flask import Flask

from analysis.release import MOST_COUNTED
from questionnaires.errors import AnswerErrorKind
from survey.answering import views as answering
from survey.custody.closing import ListStatement
from survey.sealing import base32, credentials, envelope, receipts, rows, shares, xwing
from survey.sealing.domains import Domain
from survey.sealing.rows import RowFault
from survey.storage.models import TrusteeRole
from survey.storage.responses import LONGEST_ENVELOPE, SealedResponse
from survey.trustees import views as trustees
from survey.trustees.enrolment import Refusal
from survey.trustees.keyfile import Kdf, KeyFile
from survey.waves.manifest import Channel, Manifest, WaveMode
from tests.documentation import pages
from tests.documentation.pages import ROOT, code, section

FORMATS = pages.FORMATS.read_text(encoding="utf-8")


def first_column(title: str) -> list[str]:
    return [name for row in pages.rows(section(title)) for name in code(row[0])]


def test_every_domain_is_listed_and_every_listed_domain_exists() -> None:
    listed = [name for name in first_column("Conventions") if name.startswith("tillid ")]

    assert sorted(listed) == sorted(domain.value for domain in Domain)


def test_every_domain_that_a_format_mentions_is_listed() -> None:
    mentioned = set(re.findall(r'D\("([^"]+)"\)', FORMATS))

    assert mentioned <= {domain.value for domain in Domain}


def test_the_manifests_keys_are_those_of_the_model() -> None:
    assert first_column("Manifest") == list(Manifest.model_fields)


def test_the_manifests_closed_sets_are_written_out() -> None:
    described = dict(row for row in pages.rows(section("Manifest")))
    closed_sets = {"`mode`": WaveMode, "`trustees`": TrusteeRole, "`issuing_keys`": Channel}

    for key, values in closed_sets.items():
        assert all(f'"{value.value}"' in described[key] for value in values)


def test_a_stored_row_has_the_fields_of_the_table_and_no_other() -> None:
    listed = [name.partition(" (")[0].replace(" ", "_") for name, _ in pages.rows(section("Row"))]
    renamed = {"wave": "wave_id", "RSA_signature": "issuing_signature"}

    columns = {renamed.get(name, name) for name in listed}

    assert {name.partition("_(")[0] for name in columns} == set(SealedResponse.__table__.columns.keys())


def test_the_sizes_of_a_row_are_those_of_the_code() -> None:
    sizes = {name.partition(" (")[0]: size for name, size in pages.rows(section("Row"))}

    assert sizes == {
        "wave": str(base32.CODE_LENGTH),
        "credential digest": "32",
        "credential key": str(credentials.KEY_SIZE),
        "randomiser": str(credentials.RANDOMISER_SIZE),
        "RSA signature": str(credentials.SIGNATURE_SIZE),
        "sequence": "u32",
        "row signature": str(credentials.ROW_SIGNATURE_SIZE),
        "envelope": "`envelope_size`",
    }


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Suites", f"Encapsulated key {xwing.ENCAPSULATED_SIZE:,} bytes, tag {xwing.TAG_SIZE} bytes"),
        ("Suites", f"private key = {xwing.SEED_SIZE}-byte seed"),
        ("Suites", f"Public key {xwing.PUBLIC_KEY_SIZE:,} bytes"),
        (
            "Suites",
            f"modulus {credentials.MODULUS_BITS:,} bits, public exponent {credentials.PUBLIC_EXPONENT}",
        ),
        ("Response plaintext", f"`envelope_size − {envelope.FIXED:,}` bytes"),
        ("Envelope", f"the smallest multiple of {envelope.STEP}"),
        ("Envelope", f"`u8 0x{envelope.VERSION:02x} ‖"),
        ("Credential and receipt", f"{receipts.LENGTH} characters of base32"),
        ("Shares", f"{shares.SHARE_SIZE} bytes"),
        ("Manifest", f"from 1,280 to {LONGEST_ENVELOPE:,}"),
        ("HTTP: answering", f"{base32.CODE_LENGTH + credentials.SIGNATURE_SIZE} bytes"),
        ("Conventions", f"`{base32.ALPHABET}`"),
        ("Release — `tillid-release/1`", f"No count is over {MOST_COUNTED:,}."),
    ],
)
def test_a_number_on_the_page_is_the_codes(title: str, said: str) -> None:
    assert said in section(title)


def requests(title: str) -> list[str]:
    return [
        row[0].strip("`")
        for row in pages.rows(section(title))
        if re.match(r"`(GET|POST|PUT|DELETE) /", row[0])
    ]


def routes(application: Flask, prefix: str) -> Iterable[str]:
    for rule in application.url_map.iter_rules():
        if rule.rule.startswith(prefix):
            path = (
                rule.rule.replace("<wave_id>", "WAVE")
                .replace("<bucket>", "XX")
                .replace("<language>", "LANGUAGE")
            )
            yield from (
                f"{method} {path}"
                for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "DELETE"})
            )


@pytest.mark.parametrize(
    ("title", "blueprint", "prefix"),
    [("HTTP: answering", answering.blueprint, "/w/"), ("HTTP: trustees", trustees.blueprint, "/trustees")],
    ids=["answering", "trustees"],
)
def test_every_endpoint_is_described_and_every_described_one_exists(
    title: str, blueprint: object, prefix: str
) -> None:
    application = Flask("documentation")
    application.register_blueprint(blueprint)  # type: ignore[arg-type]

    assert sorted(requests(title)) == sorted(routes(application, prefix))


def statuses_on_the_page(title: str) -> dict[str, int]:
    return {
        name: int(row[0]) for row in pages.rows(section(title)) if row[0].isdigit() for name in code(row[1])
    }


def test_every_error_of_the_answering_endpoints_has_its_status_on_the_page() -> None:
    listed = statuses_on_the_page("HTTP: answering")

    assert listed == answering._STATUS
    assert {fault.value for fault in RowFault} <= listed.keys()


def test_every_error_of_the_trustees_endpoints_has_its_status_on_the_page() -> None:
    statuses = {refusal.value: trustees._STATUS.get(refusal, 409) for refusal in Refusal}

    assert statuses_on_the_page("HTTP: trustees") == statuses | {"unknown_wave": 404}


def test_every_kind_of_rejection_is_on_the_page() -> None:
    closing, opening = section("List").split("Kinds of rejection at closing:")[1].split("; at opening:")
    # Codes of options are what replays and forms read; nothing that was sealed holds one.
    kinds = {kind.value for kind in AnswerErrorKind} - {AnswerErrorKind.UNKNOWN_CODE.value}
    never_stored = {RowFault.MALFORMED, RowFault.WRONG_MANIFEST}

    assert set(code(closing)) == {fault.value for fault in set(RowFault) - never_stored}
    assert set(code(opening)) == kinds | {"does_not_open"}


def test_a_list_statement_has_the_keys_of_the_page() -> None:
    statement = re.search(r"Statement, canonical JSON: `\{(.*?)\}` with", section("List"), re.DOTALL)

    assert statement is not None
    named = re.findall(r'"(\w+)"', statement[1].replace('"tillid-list/1"', ""))
    assert named == list(ListStatement.model_fields)


def test_a_trustees_key_file_has_the_keys_and_parameters_of_the_page() -> None:
    keys = first_column("Trustee key file")
    kdf = Kdf(salt="")

    assert sorted(keys) == sorted(KeyFile.model_fields)
    assert f'"memory_kib": {kdf.memory_kib}, "iterations": {kdf.iterations}, "lanes": {kdf.lanes}' in FORMATS


def test_every_format_has_a_version_that_the_code_writes() -> None:
    named = set(re.findall(r"`(tillid-[a-z-]+/\d+)`", FORMATS))
    code_files = [file.read_text(encoding="utf-8") for file in (ROOT / "survey").rglob("*.py")]
    code_files += [file.read_text(encoding="utf-8") for file in (ROOT / "analysis").rglob("*.py")]

    written = {name for text in code_files for name in re.findall(r'"(tillid-[a-z-]+/\d+)"', text)}

    assert named == written


def test_every_row_of_a_submission_adds_up() -> None:
    body = next(row[1] for row in pages.rows(section("HTTP: answering")) if "/responses" in row[0])
    counted = [int(size) for size in re.findall(r"\((\d+)\)", body)]

    assert sum(counted) + 4 == rows._HEAD_AND_SIGNATURE
