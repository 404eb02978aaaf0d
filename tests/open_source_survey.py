"""
GitHub's Open Source Survey as responses that `tillid replay` takes: one column per item, codes, blanks.

The published file has one column of 0 and 1 per option. What was found in it, and what is done with it:

- A question that nobody ticked anything in is empty as a whole: it was not answered, and is left blank.
- No row has a question half empty, or answered with zeros alone, and none has "None of the above" together
  with another option, in either year. `convert` refuses the first two, for they could only be guessed at; the
  third would be passed on as it is, and resolved when the response is opened.
- A rating is a text. In 2024 three ratings are of a response that was not ticked; they are kept as they are.
- Rows without any answer are people who saw the page and left it, or never came to it. They are no responses.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

SOURCE = Path(__file__).parent / "data" / "open-source-survey" / "negative_incidents.csv"
DEFINITION = Path(__file__).parent / "questionnaires_for_tests" / "open_source_survey.yaml"

_MULTI = {
    "NEGATIVE_WITNESS": "witness",
    "NEGATIVE_EXPERIENCE": "experience",
    "NEGATIVE_RESPONSE": "response",
    "NEGATIVE_CONSEQUENCES": "consequences",
}


def convert(source_csv: Path, out_csv: Path, year: int) -> int:
    """
    Write one year's responses with at least one answer, in the published order.

    Returns:
        How many were written.

    Raises:
        ValueError: If a question is answered in part, or with nothing but zeros.
    """
    with source_csv.open(newline="") as source:
        rows = [_answers(row) for row in csv.DictReader(source) if row["year"] == str(year)]
    answered = [row for row in rows if any(row.values())]
    with out_csv.open("w", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(answered)
    return len(answered)


def _answers(row: Mapping[str, str]) -> dict[str, str]:
    """Item id → code, or codes joined by |, or an empty text."""
    answers: dict[str, str] = {}
    ticks: dict[str, dict[str, str]] = {}
    for column, value in row.items():
        kind, _, rest = column.partition(".")
        block, _, option = rest.partition(".")
        if kind == "LIKERT":
            answers[f"effectiveness_{option.lower()}"] = value.lower().replace(" ", "_")
        elif kind == "ONEHOT":
            answers.setdefault(_MULTI[block], "")
            ticks.setdefault(_MULTI[block], {})[option.lower()] = value
    for item_id, by_option in ticks.items():
        answers[item_id] = "|".join(_ticked(item_id, by_option))
    return answers


def _ticked(item_id: str, by_option: Mapping[str, str]) -> list[str]:
    values = set(by_option.values())
    if values == {""}:
        return []
    if "" in values or "1" not in values:
        raise ValueError(f"{item_id}: {sorted(values)} among its columns; nobody can say what was answered")
    return [option for option, value in by_option.items() if value == "1"]
