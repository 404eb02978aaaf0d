import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from analysis.release import MOST_COUNTED, Participation, Release, ReleaseError, from_bytes, to_bytes
from questionnaires.digest import canonical_bytes
from tests.analysis.rosters import NAMES, definition, invented, multi, questionnaire, released, single, wave

SCHEMA = json.loads(Path("docs/reference/schemas/release.schema.json").read_text(encoding="utf-8"))
REMEDY = "Fetch the file again from where it was published, and save it unchanged."
TONE = '(table "tone")'
ASKED = questionnaire(single("tone", "good", "bad"), multi("help", "talk", "rules"))


def small() -> Release:
    answers = [("good", ["talk"]), ("bad", ["talk", "rules"]), ("good", ["rules"]), ("", [])]
    return released(wave(ASKED, [{"tone": tone, "help": helps} for tone, helps in answers * 8]))


def changed(path: str, value: object) -> bytes:
    """The release with one value replaced, in canonical form."""
    written: Any = json.loads(to_bytes(small()))
    *parents, last = path.split(".")
    place = written
    for name in parents:
        place = place[int(name) if name.isdigit() else name]
    place[int(last) if last.isdigit() else last] = value
    return canonical_bytes(written)


@pytest.mark.parametrize(("name", "people"), [(NAMES[0], 230), (NAMES[1], 50), (NAMES[2], 25)])
def test_a_release_is_read_as_it_was_written_and_fits_its_schema(name: str, people: int) -> None:
    release = released(invented(definition(name), people, seed=8))

    data = to_bytes(release)

    assert from_bytes(data) == release
    assert to_bytes(from_bytes(data)) == data
    jsonschema.validate(json.loads(data), SCHEMA)


def test_the_schema_has_the_models_greatest_count() -> None:
    assert SCHEMA["$defs"]["count"] == {"type": "integer", "minimum": 0, "maximum": MOST_COUNTED}


def test_what_is_at_its_default_is_left_out() -> None:
    tables = {table["id"]: table for table in json.loads(to_bytes(small()))["tables"]}

    assert "multiple" not in tables["tone"]
    assert tables["help"]["multiple"] is True
    assert "mean" not in tables["tone"]["rows"][0]
    assert tables["tone"]["by"] is None


def test_a_table_is_found_by_its_id() -> None:
    table = small().table("tone")

    assert table is not None
    assert table.rows[0].cells == ((16, 16), (8, 8), (8, 8))
    assert not table.is_hidden
    assert small().table("other") is None


def test_a_cell_left_open_is_bounded_by_what_the_others_leave() -> None:
    rows = [{"act": "once"}] * 3 + [{"act": "never"}] * 40 + [{}] * 6
    act = questionnaire(single("act", "never", "once", sensitive=True))
    table = released(wave(act, rows)).table("act")

    assert table is not None
    assert table.rows[0].cells == ((0, 49), (0, 4), (5, 9))
    assert table.bounds(table.rows[0]) == ((36, 44), (0, 4), (5, 9))


def test_where_several_can_be_chosen_the_others_leave_nothing_to_tell() -> None:
    table = small().table("help")

    assert table is not None
    assert table.bounds(table.rows[0]) == table.rows[0].cells


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("format", "tillid-release/2", 'format: it is not "tillid-release/1"; a newer Tillid may know it'),
        ("wave.id", "X", "wave.id: it is not written as it is in a release"),
        ("wave.mode", "public", 'wave.mode: it is not "invited" or "open"'),
        ("wave.organisation.name", "", "wave.organisation.name: it is empty"),
        ("wave.organisation.name", "x" * 201, "wave.organisation.name: it is longer than 200 characters"),
        ("wave.organisation.name", 7, "wave.organisation.name: it is no text"),
        ("wave.organisation", 7, "wave.organisation: it is not of the kind that a release has there"),
        ("colour\x1b", "red", "colour?: a release has nothing of that name"),
        (
            "participation.received",
            7,
            "participation: received is not counted, withdrawn and rejected together",
        ),
        ("participation.counted", "7", "participation.counted: it is no whole number"),
        ("tables", 7, "tables: it is not of the kind that a release has there"),
        ("tables.0", 7, "tables.0: it is not of the kind that a release has there"),
        ("tables.0.rows.0.cells", [[0, 4]], f"tables.0 {TONE}: a row has one cell for each option"),
        (
            "tables.0.rows.0.cells.0",
            [0, 99],
            f"tables.0.rows.0 {TONE}: [0, 99] are no bounds of a count out of 32",
        ),
        (
            "tables.0.rows.0.cells.0",
            [9, 8],
            f"tables.0.rows.0 {TONE}: [9, 8] are no bounds of a count out of 32",
        ),
        ("tables.0.rows.0.cells.0", [9], f"tables.0.rows.0.cells.0.1 {TONE}: it is missing"),
        (
            "tables.0.rows.0.cells.0",
            [9, 9, 9],
            f"tables.0.rows.0.cells.0 {TONE}: it has more parts than it may",
        ),
        ("tables.0.rows.0.base", [-1, 32], f"tables.0.rows.0.base.0 {TONE}: it is less than 0"),
        (
            "tables.0.rows.0.base",
            [32, 10**12],
            f"tables.0.rows.0.base.1 {TONE}: it is more than {MOST_COUNTED}",
        ),
        ("participation.invited", 10**12, f"participation.invited: it is more than {MOST_COUNTED}"),
        ("list.count", MOST_COUNTED + 1, f"list.count: it is more than {MOST_COUNTED}"),
        ("tables.0.rows.0.mean", 63, f"tables.0.rows.0.mean {TONE}: it is no multiple of 5"),
        ("tables.0.rows.0.mean", 105, f"tables.0.rows.0.mean {TONE}: it is more than 100"),
        ("tables.0.rows", [], f"tables.0.rows {TONE}: it has fewer parts than it must"),
        ("tables.0.options.2.id", "silent", f'tables.0 {TONE}: the last option is "no_answer"'),
        ("tables.0.multiple", 1, f"tables.0.multiple {TONE}: it is neither true nor false"),
        ("tables.1.id", "tone", "as a whole: a table stands in it twice"),
        ("ledger.forms", {"tone": "exact"}, "as a whole: the ledger's forms are not those of the tables"),
        (
            "ledger.forms.tone",
            "rounded",
            'ledger.forms.tone: it is not "exact", "bands", "wide_bands" or "hidden"',
        ),
        (
            "ledger.ranges.tone",
            [[0, 4]],
            "as a whole: the ledger has one range for each cell that is not exact",
        ),
        (
            "ledger.left_out",
            [{"table": "tone", "reason": "base"}],
            "as a whole: a table is both shown and left out",
        ),
        ("list.signature", "A", "list.signature: it is not written as it is in a release"),
    ],
)
def test_a_release_that_is_wrong_anywhere_is_refused(path: str, value: object, message: str) -> None:
    with pytest.raises(ReleaseError) as refused:
        from_bytes(changed(path, value))

    assert str(refused.value) == f"release: {message}. {REMEDY}"


NO_OBJECT = "it is JSON, but no release: a release is one object, in { and }"
ANEW = (
    "its figures may be the same, but it was written anew there: blanks, ends of lines, or the order of its"
    " parts are not custody's"
)
BEGUN = b'{"format":"tillid-release/1",'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it is empty"),
        (b" \r\n", "it is empty"),
        (b"{", "line 1, column 1: it ends in the middle; it is cut off"),
        (to_bytes(small())[:60], "line 1, column 60: it ends in the middle; it is cut off"),
        (to_bytes(small())[:20], "line 1, column 20: it ends in the middle; it is cut off"),
        (b"unit,parent,headcount\n", 'line 1, column 1: "unit,parent,headcoun" is no JSON'),
        (b'{"a":1,\n "b":\x1b[2J}', 'line 2, column 6: "?[2J}" is no JSON'),
        (b"PK\x03\x04\xff", "byte 5: it is no text, and so no JSON"),
        (b"[]", NO_OBJECT),
        (b"null", NO_OBJECT),
        (b'{"a":1}', 'it is JSON, but no release: a release says "format": "tillid-release/1"'),
        (BEGUN[:-1] + b"}", "wave: it is missing"),
        (b"[" * 100_000, "it has more brackets within one another than a release"),
        (BEGUN + b'"a":' + b"9" * 5_000 + b"}", "it has a number of thousands of digits"),
        (BEGUN + b'"a":9007199254740992}', "a: it is no whole number, or too large a one"),
        (BEGUN + b'"a":[1,NaN]}', "a.1: it is no whole number, or too large a one"),
        (BEGUN + b'"a":"\\ud800"}', "a text in it holds half a character"),
        (to_bytes(small()) + b"\n", f"line 1, column {len(to_bytes(small())) + 1}: {ANEW}"),
        (json.dumps(json.loads(to_bytes(small())), indent=1).encode(), f"line 1, column 2: {ANEW}"),
        (
            to_bytes(small()).replace(b'"cells":[[16,16]', b'"cells":[[16.5,16]'),
            f"tables.0.rows.0.cells.0.0 {TONE}: it is no whole number, or too large a one",
        ),
    ],
)
def test_a_file_that_is_no_release_is_named_with_its_place(data: bytes, message: str) -> None:
    with pytest.raises(ReleaseError) as refused:
        from_bytes(data)

    assert str(refused.value) == f"release: {message}. {REMEDY}"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("tables.0.rows.0.mean", 7),
        ("tables.0.multiple", False),
        ("ledger.ranges.tone", []),
        ("list.digest", "A"),
    ],
)
def test_the_schema_refuses_what_the_model_refuses(path: str, value: object) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(changed(path, value)), SCHEMA)


def test_a_release_cannot_be_changed() -> None:
    release = small()

    with pytest.raises(ValidationError):
        release.tables[0].id = "other"  # type: ignore[misc]
    assert deepcopy(release) == release


def test_counts_of_participation_add_up() -> None:
    with pytest.raises(ValidationError, match="received is not counted, withdrawn and rejected together"):
        Participation(invited=10, received=10, withdrawn=1, rejected={"malformed": 1}, counted=9)
