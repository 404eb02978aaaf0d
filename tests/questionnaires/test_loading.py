from pathlib import Path

import pytest

from questionnaires.errors import DefinitionError
from questionnaires.loading import MOST_BYTES, MOST_LEVELS, alliance_definition, findings_in, load, read
from tests.vectors.refresh import FOR_TESTS


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "mine.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: &x [1]\nb: *x\n", "mine.yaml: line 2: an alias (*) stands here. Write out what it stands for."),
        ("a: 1\nb: 2\na: 3\n", 'mine.yaml: line 3: "a" stands here a second time. Keep one of the two.'),
        ("a: {b: 1, b: 2}\n", 'mine.yaml: line 1: "b" stands here a second time.'),
        (
            "a: !!python/object/apply:os.system [ls]\n",
            "mine.yaml: line 1: a tag (!) stands here. Write plain data.",
        ),
        ("a: !!int 'x'\n", "mine.yaml: line 1: a tag (!) stands here."),
        ("- a\n- 1: b\n", "mine.yaml: line 2: a key is not text. Put it in quotes."),
        ("? [a]\n: b\n", "mine.yaml: line 1: a key is not text."),
        ("a: [1\nb: 2\n", "mine.yaml: line 2: expected ',' or ']'"),
        ("a: 1\n---\nb: 2\n", "mine.yaml: line 2: but found another document. Mend the YAML there."),
        ("[" * (MOST_LEVELS + 1), f"mine.yaml: line 1: nested deeper than {MOST_LEVELS} levels."),
        (b"a: \xff\n", "mine.yaml: byte 3: is not UTF-8. Save the file as UTF-8."),
        ("a: \x07\n", "mine.yaml: file: is not YAML"),
        (f"a: {'9' * 5_000}\n", "mine.yaml: file: holds a number that is too long."),
        ("a" * (MOST_BYTES + 1), f"mine.yaml: file: is larger than {MOST_BYTES} bytes."),
    ],
)
def test_what_is_more_than_plain_data_is_refused_with_its_line(
    text: str | bytes, fault: str, tmp_path: Path
) -> None:
    with pytest.raises(DefinitionError) as refused:
        read(written(tmp_path, text))

    assert str(refused.value).startswith(fault)


def test_a_billion_laughs_are_refused_before_they_unfold(tmp_path: Path) -> None:
    lines = ["a0: &a0 [lol, lol]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]

    with pytest.raises(DefinitionError, match=r"an alias"):
        read(written(tmp_path, "\n".join(lines)))


def test_words_that_older_yaml_takes_for_something_else_are_texts(tmp_path: Path) -> None:
    text = "[no, yes, on, 30_44, 2026-11-22, 12:30, 010, '1', =, <<]"

    assert read(written(tmp_path, text)) == [
        "no", "yes", "on", "30_44", "2026-11-22", "12:30", "010", "1", "=", "<<",
    ]  # fmt: skip


def test_plain_data_is_texts_numbers_and_truths(tmp_path: Path) -> None:
    assert read(written(tmp_path, "[a, 3, -7, 0, 1.5, true, False, ~, null]")) == [
        "a", 3, -7, 0, 1.5, True, False, None, None,
    ]  # fmt: skip


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        DefinitionError, match=r"none.yaml: file: cannot be read \(No such file or directory\)"
    ):
        load(tmp_path / "none.yaml")


def test_findings_of_a_file_that_cannot_be_read_are_findings_too(tmp_path: Path) -> None:
    (finding,) = findings_in(written(tmp_path, "a: ["))

    assert finding.place == "line 1"


def test_the_alliances_questionnaires_are_read_once() -> None:
    assert alliance_definition("workplace") is alliance_definition("workplace")


def test_there_is_no_other_questionnaire_of_the_alliance() -> None:
    with pytest.raises(DefinitionError, match=r"sports.yaml: file: cannot be read"):
        alliance_definition("sports")


def test_an_error_says_file_place_fact_and_remedy(tmp_path: Path) -> None:
    text = (FOR_TESTS / "routing.yaml").read_text().replace("show_if: start_yes", "show_if: star_yes", 1)

    with pytest.raises(DefinitionError) as refused:
        load(written(tmp_path, text))

    assert str(refused.value) == (
        'mine.yaml: item "middle": it refers to "star_yes", which is no condition. Did you mean "start_yes"?'
    )
