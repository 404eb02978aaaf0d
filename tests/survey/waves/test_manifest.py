import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.digest import canonical_bytes
from survey.sealing import base32
from survey.waves import manifest
from survey.waves.manifest import Channel, ManifestError, WaveMode, from_b64, to_b64
from tests.survey.waves.manifests import Value, custody, hexadecimal, joint, manifests, right

Change = Callable[[Value], object]


def test_a_manifest_holds_what_was_written() -> None:
    made = manifest.from_value(right())

    assert made.mode is WaveMode.INVITED
    assert made.organisation.name == "Ærø Færgefart"
    assert [unit.headcount for unit in made.units] == [40, 22, 18]
    assert made.issuing_keys[0].channel is Channel.INVITATION
    assert made.policy.raised == {"threshold": 7}


@given(manifests())
def test_reading_and_writing_are_inverse_byte_by_byte(value: Value) -> None:
    data = canonical_bytes(value)

    read = manifest.from_bytes(data)

    assert read.to_bytes() == data
    assert manifest.from_value(value) == read
    assert manifest.from_value(json.loads(data)) == read


def test_a_manifest_of_ones_own_people_has_no_word_of_others() -> None:
    assert b"joint" not in manifest.from_value(right()).to_bytes()
    assert manifest.from_value(joint()).to_bytes() == canonical_bytes(joint())

    with pytest.raises(ManifestError, match="not in canonical form"):
        manifest.from_value(right() | {"joint": None})


JOINT_FAULTS: dict[str, tuple[Change, str]] = {
    "four organisations": (lambda v: v["joint"].update(organisations=4), "organisations: .* or equal to 5"),
    "nobody in the largest": (lambda v: v["joint"].update(largest=0), "largest: .* or equal to 1"),
    "no name for them": (lambda v: v["joint"].update(kind={}), "joint.kind: .* at least 1 item"),
    "a name on two lines": (lambda v: v["joint"]["kind"].update(da="to\nlinjer"), "this is no line of text"),
    "shared": (lambda v: v.update(alliance_sharing="steward_decides"), "a joint wave is .* never shared"),
    "an organisation as a unit": (
        lambda v: v["units"].append({"id": "x", "name": "Færgen Ø", "parent": "north", "headcount": 14}),
        '"Færgen Ø" has 14 people, who may be of fewer than 5',
    ),
    "an organisation left over in a unit": (
        lambda v: v["units"].append({"id": "x", "name": "Nordøst", "parent": "north", "headcount": 70}),
        'what is left over in "Nord" has 10 people, who may be of fewer than 5',
    ),
    "an organisation left over of all": (
        lambda v: v.update(invited=164),
        "what is left over in the wave has 14 people, who may be of fewer than 5",
    ),
    "one that is nearly all of them": (
        lambda v: v.update(units=[], joint=v["joint"] | {"largest": 31}),
        "the wave has 150 people, who may be of fewer than 5",
    ),
}


@pytest.mark.parametrize("name", JOINT_FAULTS)
def test_no_manifest_of_a_joint_wave_singles_an_organisation_out(name: str) -> None:
    change, message = JOINT_FAULTS[name]
    value = joint()
    manifest.from_value(value)
    change(value)

    with pytest.raises(ManifestError, match=message):
        manifest.from_value(value)


def test_the_digest_is_of_the_bytes_and_the_pin_its_first_eighty_bits() -> None:
    data = manifest.from_value(right()).to_bytes()
    digest = manifest.digest(data)

    assert digest == sha256(data).digest()
    assert len(manifest.pin(digest)) == 16
    assert base32.decode(manifest.pin(digest), 10) == digest[:10]


def test_a_manifest_cannot_be_changed() -> None:
    made = manifest.from_value(right())

    with pytest.raises(ValueError, match="frozen"):
        setattr(made, "quorum", 3)  # noqa: B010  mypy knows that it is frozen.


REWRITTEN: dict[str, Callable[[bytes], bytes]] = {
    "a line end": lambda data: data + b"\n",
    "a space before": lambda data: b" " + data,
    "a space within": lambda data: data.replace(b":", b": ", 1),
    "a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "another order": lambda data: (
        b'{"wave":"0123456789abcdef",' + data[1:].replace(b',"wave":"0123456789abcdef"', b"")
    ),
    "escaped letters": lambda data: data.replace("Æ".encode(), b"\\u00c6"),
    "an escaped key": lambda data: data.replace(b"invited", b"\\u0069nvited"),
    "a key twice": lambda data: data.replace(b'"quorum":2', b'"quorum":2,"quorum":2'),
    "a fraction": lambda data: data.replace(b'"quorum":2', b'"quorum":2.0'),
    "an exponent": lambda data: data.replace(b'"quorum":2', b'"quorum":2e0'),
    "minus nought": lambda data: data.replace(b'"paper_credentials":3', b'"paper_credentials":-0'),
    "no UTF-8": lambda data: data.replace("Æ".encode(), b"\xc6"),
    "half a character": lambda data: data.replace("Æ".encode(), b"\\ud800"),
    "cut short": lambda data: data[:-1],
    "nothing": lambda _: b"",
    "null": lambda _: b"null",
    "deeply nested": lambda _: b"[" * 100_000,
}


@pytest.mark.parametrize("how", REWRITTEN)
def test_other_bytes_are_refused_even_if_they_mean_the_same(how: str) -> None:
    data = manifest.from_value(right()).to_bytes()
    rewritten = REWRITTEN[how](data)
    assert rewritten != data

    with pytest.raises(ManifestError, match=r"^manifest: .*unchanged from the wave's page"):
        manifest.from_bytes(rewritten)


def at(*path: str | int) -> Callable[[object], Change]:
    """A change that puts a value at a place."""

    def put(new: object) -> Change:
        def change(value: Any) -> None:  # noqa: ANN401  A part of a JSON value.
            for step in path[:-1]:
                value = value[step]
            value[path[-1]] = new

        return change

    return put


FAULTS: dict[str, tuple[Change, str]] = {
    "format": (at("format")("tillid-manifest/2"), "format: Input should be 'tillid-manifest/1'"),
    "no format": (lambda v: v.pop("format"), "format: Field required"),
    "wave with a letter that is no base32": (at("wave")("0123456789abcdeu"), "wave: String should match"),
    "wave in upper case": (at("wave")("0123456789ABCDEF"), "wave: String should match"),
    "wave with a line end": (at("wave")("0123456789abcdef\n"), "wave: String should match"),
    "organisation without a name": (at("organisation", "name")(""), "organisation.name: .* at least 1 char"),
    "mode": (at("mode")("public"), "mode: Input should be 'invited' or 'open'"),
    "digest": (at("questionnaire", "digest")("ab"), "questionnaire.digest: String should match"),
    "sections": (at("questionnaire", "sections")("climate"), "questionnaire.sections: .* valid array"),
    "no language": (at("languages")([]), "languages: .* at least 1 item"),
    "language": (at("languages")(["dansk"]), "languages.0: String should match"),
    "headcount below nought": (
        at("units", 1, "headcount")(-1),
        "units.1.headcount: .* greater than or equal",
    ),
    "headcount as text": (at("units", 1, "headcount")("22"), "units.1.headcount: .* valid integer"),
    "headcount as truth": (at("units", 1, "headcount")(True), "units.1.headcount: .* valid integer"),
    "unit without parent": (lambda v: v["units"][0].pop("parent"), "units.0.parent: Field required"),
    "two units of one id": (at("units", 1, "id")("quay"), "two units have the same id; each needs an id"),
    "unit in no unit": (
        at("units", 1, "parent")("ship"),
        'unit "deck" lies in "ship", which is no unit; add it',
    ),
    "unit in itself": (at("units", 1, "parent")("deck"), "these units lie in one another: deck, deck"),
    "units in one another": (at("units", 0, "parent")("deck"), "these units lie in one another: "),
    "sharing": (at("alliance_sharing")("always"), "alliance_sharing: Input should be 'never' or"),
    "raised by a fraction": (
        at("policy", "raised")({"threshold": "7"}),
        "policy.raised.threshold: .* integer",
    ),
    "table's kind": (at("publication", 0, "kind")("mean"), "publication.0.kind: Input should be"),
    "day that is none": (at("field_period", "first_day")("2026-02-30"), "field_period.first_day: day is out"),
    "day in other digits": (at("field_period", "first_day")("٢٠٢٦-11-02"), "first_day: String should match"),
    "period backwards": (
        at("field_period", "first_day")("2026-12-24"),
        "field_period: the last possible day lies before the first; swap or move them",
    ),
    "kept too long": (
        at("retention", "days_after_release")(31),
        "days_after_release: .* less than or equal to 30",
    ),
    "kept after closing": (
        at("retention", "days_after_closing")(61),
        "days_after_closing: .* or equal to 60",
    ),
    "quorum of one": (at("quorum")(1), "quorum: .* greater than or equal to 2"),
    "quorum of four": (at("quorum")(4), "a quorum of 4 cannot be reached by 3 trustees"),
    "one trustee": (lambda v: v["trustees"].__delitem__(slice(1, 3)), "trustees: .* at least 2 items"),
    "one key twice": (
        at("trustees", 1, "fingerprint")(hexadecimal("first")),
        "two trustees have the same key; each needs a key of their own",
    ),
    "one number twice": (
        at("trustees", 1, "number")(1),
        "not numbered from 1 in their order; number them again",
    ),
    "a number left out": (at("trustees", 2, "number")(4), "not numbered from 1 in their order"),
    "numbered from nought": (
        at("trustees", 0, "number")(0),
        "trustees.0.number: .* greater than or equal to 1",
    ),
    "role": (at("trustees", 0, "role")("employer"), "trustees.0.role: Input should be"),
    "custody's key cut": (at("custody", "key")("AAAA"), "custody.key: String should match"),
    "custody's key padded": (at("custody", "key")("A" * 43 + "="), "custody.key: String should match"),
    "custody's key written otherwise": (
        lambda v: v["custody"].update(key=v["custody"]["key"][:-1] + "_"),
        "custody.key: this is not base64url without padding",
    ),
    "custody's fingerprint": (
        at("custody", "fingerprint")(custody(b"\x01" * 32)["fingerprint"]),
        "custody: the fingerprint is not this key's",
    ),
    "wave key": (at("wave_key")("A" * 1621), "wave_key: String should match"),
    "no issuing key": (at("issuing_keys")([]), "issuing_keys: .* at least 1 item"),
    "issuing key": (at("issuing_keys", 0, "key")("A" * 391), "issuing_keys.0.key: String should match"),
    "paper without a key": (
        lambda v: v["issuing_keys"].pop(),
        "paper credentials and a key that signs them come together",
    ),
    "a key for no paper": (at("paper_credentials")(0), "come together, or not at all"),
    "two keys for paper": (
        at("issuing_keys", 0, "channel")("paper"),
        "two issuing keys have the same channel",
    ),
    "channel": (at("issuing_keys", 0, "channel")("mail"), "issuing_keys.0.channel: Input should be"),
    "a key for whoever comes, where people are invited": (
        at("issuing_keys", 0, "channel")("open"),
        "the mode invited needs a key for invitation, and none for open",
    ),
    "an open wave with units": (
        lambda v: v.update(
            mode="open", issuing_keys=[v["issuing_keys"][0] | {"channel": "open"}, *v["issuing_keys"][1:]]
        ),
        "an open wave invites nobody, is shown as a whole, and is never shared",
    ),
    "envelope of no size": (at("envelope_size")(1024), "envelope_size: .* greater than 1137"),
    "envelope beyond a page": (at("envelope_size")(3840), "envelope_size: .* less than or equal to 3584"),
    "envelope of an odd size": (at("envelope_size")(1700), "envelope_size: .* multiple of 256"),
    "something more": (at("anonymous")(False), "anonymous: Extra inputs are not permitted"),
    "something more inside": (
        at("units", 0, "leader")("x"),
        "units.0.leader: Extra inputs are not permitted",
    ),
    "a fraction": (
        at("invited")(1.5),
        r"value.invited: float has no canonical form. Use whole numbers or text\.",
    ),
    "a number that no browser reads": (
        at("invited")(2**53),
        r"value.invited: 9007199254740992 is beyond 2⁵³ − 1",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_named_with_its_place_and_a_remedy(name: str) -> None:
    change, message = FAULTS[name]
    value = right()
    change(value)

    with pytest.raises(ManifestError, match=f"^manifest: .*{message}") as refused:
        manifest.from_value(value)

    assert "Take it unchanged from the wave's page, or plan the wave again." in str(refused.value) or (
        "canonical form" in str(refused.value) or "2⁵³" in str(refused.value)
    )


@pytest.mark.parametrize("key", right())
def test_no_key_may_be_missing(key: str) -> None:
    value = right()
    del value[key]

    with pytest.raises(ManifestError, match=f"manifest: {key}: Field required"):
        manifest.from_value(value)


def test_a_number_that_no_browser_reads_is_refused_in_bytes_too() -> None:
    data = manifest.from_value(right()).to_bytes().replace(b'"invited":40', b'"invited":9007199254740992')

    with pytest.raises(ManifestError, match="9007199254740992 is beyond 2⁵³"):
        manifest.from_bytes(data)


@given(st.binary(max_size=80))
def test_b64_comes_back(data: bytes) -> None:
    assert from_b64(to_b64(data)) == data
    assert "=" not in to_b64(data)


@given(st.text("ABCxyz019-_+/= \né", max_size=9))
def test_bytes_are_written_in_b64_in_one_way_only(text: str) -> None:
    try:
        data = from_b64(text)
    except ManifestError as fault:
        assert str(fault) == "this is not base64url without padding"  # noqa: PT017  Most texts are refused.
    else:
        assert to_b64(data) == text
