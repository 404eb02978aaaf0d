"""Forms drawn in tests: XLSForms as tables, LimeSurvey structures as rows."""

import io
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from openpyxl import Workbook

from questionnaires.exchange.building import Imported
from questionnaires.exchange.exported import plain_data
from questionnaires.exchange.report import Entry, Outcome
from questionnaires.exchange.xlsform import read_xlsform
from questionnaires.model import Item, Questionnaire

Rows = Sequence[Mapping[str, object]]
YES_NO = "yn | y | Yes\nyn | n | No"


def table(text: str) -> list[list[str]]:
    """Rows of cells, drawn as `a | b | c`."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines() if line.strip()]


def workbook(**sheets: Sequence[Sequence[object]]) -> bytes:
    """A workbook with these sheets, in the way a spreadsheet program writes it."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def form(
    survey: str, choices: str = YES_NO, settings: str = "form_id\ndrawn", language: str = "en"
) -> Imported:
    """An XLSForm, drawn with the rows of names of survey and settings, as it is imported."""
    drawn = [["list_name", "name", "label"], *table(choices)]
    data = workbook(survey=table(survey), choices=drawn, settings=table(settings))
    return read_xlsform({"form.xlsx": data}, language)


def structure(**tables: Rows) -> bytes:
    """A LimeSurvey survey structure with these tables."""
    tables = {
        "surveys": [{"sid": 1, "language": "en", "additional_languages": ""}],
        "surveys_languagesettings": [{"surveyls_language": "en", "surveyls_title": "Drawn"}],
        "groups": [{"gid": 1, "group_order": 1}],
        "group_l10ns": [{"gid": 1, "group_name": "Group", "language": "en"}],
        **tables,
    }
    parts = [f"<{name}><rows>{''.join(map(_row, rows))}</rows></{name}>" for name, rows in tables.items()]
    return f"<document><LimeSurveyDocType>Survey</LimeSurveyDocType>{''.join(parts)}</document>".encode()


def asked(qid: int, kind: str, title: str, **more: object) -> dict[str, object]:
    """A row of the table of questions."""
    return {
        "qid": qid,
        "parent_qid": 0,
        "sid": 1,
        "gid": 1,
        "type": kind,
        "title": title,
        "question_order": qid,
    } | more


def said(qid: int, text: str, language: str = "en") -> dict[str, object]:
    """A row of the table of questions' texts."""
    return {"qid": qid, "question": text, "language": language}


def answers(qid: int, **labels: str) -> dict[str, list[dict[str, object]]]:
    """The tables of a question's answers."""
    rows = [
        {"aid": f"{qid}{code}", "qid": qid, "code": code, "sortorder": n} for n, code in enumerate(labels)
    ]
    texts: list[dict[str, object]] = [
        {"aid": f"{qid}{code}", "answer": text, "language": "en"} for code, text in labels.items()
    ]
    return {"answers": rows, "answer_l10ns": texts}


def facts(imported: Imported, outcome: Outcome) -> list[str]:
    """What the report says of one outcome."""
    return [str(entry) for entry in imported.entries if entry.outcome is outcome]


def left_out(imported: Imported) -> list[str]:
    """What the report says was left out."""
    return facts(imported, Outcome.LEFT_OUT)


def changed(imported: Imported) -> list[str]:
    """What the report says was changed."""
    return facts(imported, Outcome.CHANGED)


def of(entries: Sequence[Entry], outcome: Outcome) -> list[str]:
    """The entries of one outcome, as they are printed."""
    return [str(entry) for entry in entries if entry.outcome is outcome]


def _row(row: Mapping[str, object]) -> str:
    return f"<row>{''.join(f'<{name}>{escape(str(value))}</{name}>' for name, value in row.items())}</row>"


def titled(questionnaire: Questionnaire, title: str) -> Questionnaire:
    """The questionnaire under another title, the same in every language."""
    languages = dict.fromkeys(questionnaire.languages, title)
    return Questionnaire.model_validate(plain_data(questionnaire) | {"title": languages})


def shown_if(item: Item) -> object:
    """The item's condition as plain data; None if it has none."""
    return item.model_dump(by_alias=True, exclude_none=True, mode="json").get("show_if")
