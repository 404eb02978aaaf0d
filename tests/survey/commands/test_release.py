import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from analysis.release import to_bytes
from questionnaires.digest import canonical_bytes, definition_bytes
from survey.commands import release as command
from tests.analysis.rosters import definition, invented, questionnaire, released, single, wave


@pytest.fixture(scope="module")
def good() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(to_bytes(released(invented(definition("workplace"), 40, seed=1))))
    return made


def audit(file: Path, content: bytes | dict[str, Any], *options: str) -> Result:
    file.write_bytes(content if isinstance(content, bytes) else canonical_bytes(content))
    return CliRunner().invoke(command.release, ["audit", str(file), *options])


def test_every_table_of_a_release_is_proven(tmp_path: Path, good: dict[str, Any]) -> None:
    result = audit(tmp_path / "release.json", good)

    assert result.exit_code == 0
    said = dict(line.split(": ", 1) for line in result.stdout.splitlines())
    assert {said[table["id"]] for table in good["tables"]} == {"proven"}
    assert {said[left["table"]] for left in good["ledger"]["left_out"]} == {
        "not in the release (not_proven); nothing to prove",
        "not in the release (base); nothing to prove",
    }
    tables = len(good["tables"])
    assert result.stderr == (
        f"{tables} of {tables} tables proven, as far as a release alone can tell. Not checked:\n"
        "- what a person who knows the staff list learns: custody alone has the sizes to audit that with\n"
        "- what items that lie within one another tell together, an index and its items or acts and any act\n"
        "- what earlier releases of the organisation tell beside this one\n"
        "- custody's signature\n"
    )


def changed(good: dict[str, Any], **parts: dict[str, Any]) -> dict[str, Any]:
    """The release with some values of its parts replaced."""
    copy: dict[str, Any] = json.loads(json.dumps(good))
    for part, values in parts.items():
        copy[part].update(values)
    return copy


def with_mean(good: dict[str, Any], table_id: str, mean: int) -> dict[str, Any]:
    copy = changed(good)
    table = next(table for table in copy["tables"] if table["id"] == table_id)
    table["rows"][0]["mean"] = mean
    return copy


def with_coercion(good: dict[str, Any]) -> dict[str, Any]:
    """The figures of any act said of coercion too, which is shown of a hundred people or more."""
    copy = changed(good)
    of_any = next(table for table in copy["tables"] if table["id"] == "I01_exposure_any")
    name, ledger = "I04_exposure_coercion", copy["ledger"]
    copy["tables"].append({**of_any, "id": name, "item": name})
    ledger["forms"][name], ledger["ranges"][name] = "bands", ledger["ranges"]["I01_exposure_any"]
    ledger["left_out"] = [left for left in ledger["left_out"] if left["table"] != name]
    return copy


def test_what_was_changed_in_a_release_is_named(tmp_path: Path, good: dict[str, Any]) -> None:
    forms = good["ledger"]["forms"]
    few = "not proven: the whole: fewer answered than the policy shows it from"
    cases = {
        "I01_exposure_any: not proven: the whole: the ledger says another form than its cells have": changed(
            good, ledger={"forms": {**forms, "I01_exposure_any": "hidden"}}
        ),
        "I12_safety_index: not proven: the whole: no answers that agree with the figures have its mean": (
            with_mean(good, "I12_safety_index", 95)
        ),
        "c01_taken_seriously: not proven: the whole: a mean stands where the policy shows none": with_mean(
            good, "c01_taken_seriously", 95
        ),
        "I12_safety_index: not proven: the whole: its base does not agree with": changed(
            good, participation={"counted": 9, "received": 9, "withdrawn": 0}
        ),
        "list: not proven: it has fewer responses than were counted, or more than were received and not"
        " withdrawn": changed(good, list={"count": 3}),
        f"I04_exposure_coercion: {few}": with_coercion(good),
        f"I01_exposure_any: {few}": changed(good, policy={"raised": {"sensitive": 60}}),
    }

    for said, content in cases.items():
        result = audit(tmp_path / "release.json", content)

        assert result.exit_code == 1, said
        assert any(line.startswith(said) for line in result.stdout.splitlines()), (said, result.stdout)


def test_what_was_planned_and_is_told_of_nowhere_is_named(tmp_path: Path, good: dict[str, Any]) -> None:
    first, *rest = good["ledger"]["left_out"]

    result = audit(tmp_path / "release.json", changed(good, ledger={"left_out": rest}))

    assert result.exit_code == 1
    said = "not proven: it is planned, and neither among the tables nor among what was left out"
    assert result.stdout.splitlines()[-1] == f"{first['table']}: {said}"
    tables = len(good["tables"])
    assert result.stderr.startswith(f"{tables} of {tables} tables proven")


def test_of_another_plan_it_says_that_it_cannot_tell_what_was_planned(tmp_path: Path) -> None:
    asked = questionnaire(single("act", "no", "yes", sensitive=True))
    made = json.loads(to_bytes(released(wave(asked, [{"act": "no"}] * 40))))
    (tmp_path / "asked.json").write_bytes(definition_bytes(asked))
    given = ["--questionnaire", str(tmp_path / "asked.json")]

    result = audit(tmp_path / "release.json", changed(made, ledger={"plan": "0" * 64}), *given)

    assert result.exit_code == 0
    assert result.stderr.endswith(
        "- whether each table that was planned is told of, shown or left out: its questionnaire gives no plan"
        " of the ledger's digest; its manifest may plan otherwise\n"
    )
    assert "planned" not in audit(tmp_path / "release.json", made, *given).stderr


def test_a_band_hidden_afterwards_is_named(tmp_path: Path, good: dict[str, Any]) -> None:
    copy = changed(good)
    table = next(table for table in copy["tables"] if table["id"] == "c02_safe_to_tell")
    place = table["rows"][0]["cells"].index([0, 4])
    table["rows"][0]["cells"][place] = [0, 40]

    result = audit(tmp_path / "release.json", copy)

    assert result.exit_code == 1
    line = next(line for line in result.stdout.splitlines() if line.startswith("c02_safe_to_tell: "))
    assert (
        f'the whole, option "{table["options"][place]["id"]}": hidden beside others, where the policy hides a'
        " row as a whole or not at all"
    ) in line


def test_of_an_unknown_questionnaire_it_says_what_it_cannot_tell(
    tmp_path: Path, good: dict[str, Any]
) -> None:
    raised = changed(good, policy={"raised": {"sensitive": 60}}, questionnaire={"digest": "0" * 64})

    result = audit(tmp_path / "release.json", raised)

    assert result.exit_code == 0
    assert "told of, shown or left out: its questionnaire is not known\n" in result.stderr
    assert result.stderr.endswith(
        "- which items are sensitive, in which options and from how many people each may be shown: the"
        " release does not say, and its questionnaire (workplace-culture 1.0.0) is none of the alliance's;"
        " give it with --questionnaire\n"
    )


def test_a_questionnaire_of_ones_own_is_given_beside(tmp_path: Path) -> None:
    asked = questionnaire(single("act", "no", "yes", sensitive=True))
    made = released(wave(asked, [{"act": "no"}] * 40 + [{"act": "yes"}] * 8))
    raised = {**json.loads(to_bytes(made)), "policy": {"version": "policy/1", "raised": {"sensitive": 60}}}
    (tmp_path / "asked.json").write_bytes(definition_bytes(asked))

    def given(name: str) -> Result:
        return audit(tmp_path / "release.json", raised, "--questionnaire", str(tmp_path / name))

    assert [table["id"] for table in raised["tables"]] == ["act"]
    assert (
        "act: not proven: the whole: fewer answered than the policy shows it from\n"
        in given("asked.json").stdout
    )
    assert "asked.json" not in given("asked.json").stderr
    assert "none.json: cannot be read" in given("none.json").stderr
    assert "none.yaml: file: cannot be read" in given("none.yaml").stderr
    (tmp_path / "other.json").write_bytes(definition_bytes(definition("workplace")))
    assert "other.json: the release is of another questionnaire. Give the definition that was asked." in (
        given("other.json").stderr
    )


def test_a_band_narrowed_afterwards_is_named_with_its_place(tmp_path: Path, good: dict[str, Any]) -> None:
    changed = json.loads(json.dumps(good))
    table = next(table for table in changed["tables"] if [0, 4] in table["rows"][0]["cells"])
    place = table["rows"][0]["cells"].index([0, 4])
    table["rows"][0]["cells"][place] = [1, 4]

    result = audit(tmp_path / "release.json", changed)

    assert result.exit_code == 1
    line = next(line for line in result.stdout.splitlines() if line.startswith(f"{table['id']}: "))
    assert f'not proven: the whole, option "{table["options"][place]["id"]}": its interval is none' in line


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "release"),
        (b"\xff\xfe", "release"),
        (b"[" * 100_000, "release"),
        (b'{"format": "tillid-release/1"}', "release"),
        (b"null", "release"),
    ],
)
def test_a_file_that_is_no_release_is_refused_in_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    result = audit(tmp_path / "release.json", content)

    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_table_saved_as_csv_is_told_what_it_is_and_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "release.json"

    result = audit(file, b"table,lower,upper\nI01,0,4\n")

    assert result.stderr == (
        f'Error: {file}: release: line 1, column 1: "table,lower,upper" is no JSON. Fetch the file again from'
        " where it was published, and save it unchanged.\n"
    )


def test_another_policy_and_a_lowered_one_are_refused(tmp_path: Path, good: dict[str, Any]) -> None:
    other = {**good, "policy": {"version": "policy/2\x1b[2J", "raised": {}}}
    lowered = {**good, "policy": {**good["policy"], "raised": {"general": 2}}}

    assert "follows policy/2?[2J" in audit(tmp_path / "release.json", other).stderr
    assert "never lowered" in audit(tmp_path / "release.json", lowered).stderr


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(command.release, ["audit", str(tmp_path / "none.json")])

    assert (result.exit_code, result.stdout) == (1, "")
    assert "cannot be read" in result.stderr
