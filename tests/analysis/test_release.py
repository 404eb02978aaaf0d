import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from analysis.release import Participation, Release, ReleaseError, from_bytes, to_bytes
from questionnaires.digest import canonical_bytes
from tests.analysis.rosters import NAMES, definition, invented, multi, questionnaire, released, single, wave

SCHEMA = json.loads(Path("docs/reference/schemas/release.schema.json").read_text(encoding="utf-8"))
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
        ("format", "tillid-release/2", "release: format: "),
        ("wave.id", "X", "release: wave.id: "),
        ("wave.mode", "public", "release: wave.mode: "),
        ("colour", "red", "release: colour: Extra inputs are not permitted"),
        ("participation.received", 7, "received is not counted, withdrawn and rejected together"),
        ("tables.0.rows.0.cells", [[0, 4]], "a row has one cell for each option"),
        ("tables.0.rows.0.cells.0", [0, 99], "are no bounds of a count out of 32"),
        ("tables.0.rows.0.cells.0", [9, 8], "are no bounds of a count out of 32"),
        ("tables.0.rows.0.base", [-1, 32], "release: tables.0.rows.0.base.0: "),
        ("tables.0.rows.0.mean", 63, "release: tables.0.rows.0.mean: "),
        ("tables.0.rows", [], "release: tables.0.rows: "),
        ("tables.0.options.2.id", "silent", 'the last option is "no_answer"'),
        ("tables.0.multiple", 1, "release: tables.0.multiple: "),
        ("tables.1.id", "tone", "a table stands in it twice"),
        ("ledger.forms", {"tone": "exact"}, "the ledger's forms are not those of the tables"),
        ("ledger.forms.tone", "rounded", "release: ledger.forms.tone: "),
        ("ledger.ranges.tone", [[0, 4]], "the ledger has one range for each cell that is not exact"),
        ("ledger.left_out", [{"table": "tone", "reason": "base"}], "a table is both shown and left out"),
        ("list.signature", "A", "release: list.signature: "),
    ],
)
def test_a_release_that_is_wrong_anywhere_is_refused(path: str, value: object, message: str) -> None:
    with pytest.raises(ReleaseError) as refused:
        from_bytes(changed(path, value))

    assert message in str(refused.value)
    assert str(refused.value).endswith("Take the bytes as custody signed them.")


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"null", b"\xff", b'{"format": "tillid-release/1"}', to_bytes(small()) + b" "]
)
def test_bytes_that_are_no_canonical_release_are_refused(data: bytes) -> None:
    with pytest.raises(ReleaseError, match="release: "):
        from_bytes(data)


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
    with pytest.raises(ValidationError, match="count them again"):
        Participation(invited=10, received=10, withdrawn=1, rejected={"malformed": 1}, counted=9)
