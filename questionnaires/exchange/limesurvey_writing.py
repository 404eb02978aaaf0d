"""
Definition → LimeSurvey survey structure (.lss), with the tables and columns that LimeSurvey 4 to 6 write.

Codes there have no `_` and few characters, so questions and options get codes of that kind; the table
`tillid`, which LimeSurvey passes over, holds what they stand for and what the format has no place for
(`carrying.py`).
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from questionnaires.exchange.carrying import Carried, differences
from questionnaires.exchange.exported import Exported, plain_data, told_beside
from questionnaires.exchange.limesurvey import OURS, read_limesurvey
from questionnaires.exchange.report import Log
from questionnaires.exchange.spelling import both, is_multi, written
from questionnaires.model import Item, Layout, Questionnaire, Section, Text

DB_VERSION = "426"
_SURVEY = "100000"
_LONGEST_CODE = 20
_NOT_IN_CODES = re.compile(r"[^a-zA-Z0-9]")
Row = dict[str, str]


def write_limesurvey(questionnaire: Questionnaire) -> Exported:
    """The survey structure, and what it cannot say to LimeSurvey."""
    log = Log()
    writer = _Writer(questionnaire)
    names = writer.names()
    read = read_limesurvey(writer.document(Carried(names)), "export.lss", questionnaire.default_language)
    carried = Carried(names, tuple(differences(read.definition, plain_data(questionnaire))))
    log.changed("questions", "codes are written without _ and shortened: the table tillid holds ours")
    told_beside(carried, "table tillid", log)
    return Exported(writer.document(carried), tuple(log.entries))


class _Writer:
    def __init__(self, questionnaire: Questionnaire) -> None:
        self._questionnaire = questionnaire
        self._tables: dict[str, list[Row]] = {}
        self._codes = _question_codes(questionnaire)
        self._serial = 0

    # ── names ──────────────────────────────────────────────────────────────────────────────────────────

    def names(self) -> dict[str, str]:
        """What the codes of the file stand for."""
        shown = self._questionnaire
        names = {"questionnaire": shown.id}
        for number, section in enumerate(shown.sections, 1):
            names[f"section/group_{number}"] = section.id
            for item in section.items:
                names |= self._names_of(item)
        return names

    def _names_of(self, item: Item) -> dict[str, str]:
        code = self._codes[item.id]
        names = {f"item/{code}": item.id}
        if item.scale is not None:
            names |= {f"list/{code}": item.scale, f"list/{code.partition('_')[0]}": item.scale}
            names[f"scale/{item.scale}"] = item.scale
        within = item.scale or code
        for number, option in enumerate(self._questionnaire.options_of(item), 1):
            names[f"option/{within}/{_option_code(item, number)}"] = option.code
        return names

    # ── conditions, as a `Spelling` ────────────────────────────────────────────────────────────────────

    def is_chosen(self, item: Item, code: str) -> str:
        there = self._option(item, code)
        name = self._codes[item.id]
        return f'{name}_{there}.NAOK == "Y"' if is_multi(item) else f'{name}.NAOK == "{there}"'

    def is_not_chosen(self, item: Item, code: str) -> str:
        return self.is_chosen(item, code).replace("==", "!=")

    def is_answered(self, item: Item) -> str:
        if not is_multi(item):
            return f"!is_empty({self._codes[item.id]}.NAOK)"
        return f"({' or '.join(self.is_chosen(item, option.code) for option in item.options)})"

    @staticmethod
    def negated(part: str) -> str:
        return f"!({part})"

    def _option(self, item: Item, code: str) -> str:
        codes = [option.code for option in self._questionnaire.options_of(item)]
        return _option_code(item, codes.index(code) + 1)

    def _relevance(self, part: Section | Item) -> str:
        if part.show_if is None:
            return "1"
        return both([written(part.show_if, self._questionnaire, self)]) or "1"

    # ── tables ─────────────────────────────────────────────────────────────────────────────────────────

    def document(self, carried: Carried) -> bytes:
        self._tables, self._serial = {}, 0
        self._survey()
        for number, section in enumerate(self._questionnaire.sections, 1):
            self._section(section, number)
        for place, read_as, meant in carried.rows():
            self._add(OURS, {"place": place, "read_as": read_as, "meant": meant})
        return _document(self._questionnaire.languages, self._tables)

    def _add(self, table: str, row: Row) -> None:
        self._tables.setdefault(table, []).append(row)

    def _next(self) -> str:
        self._serial += 1
        return str(self._serial)

    def _survey(self) -> None:
        shown = self._questionnaire
        others = [language for language in shown.languages if language != shown.default_language]
        self._add(
            "surveys",
            {
                "sid": _SURVEY,
                "admin": "inherit",
                "adminemail": "inherit",
                # What a respondent is promised here, as far as LimeSurvey can keep it.
                "anonymized": "Y",
                "datestamp": "N",
                "ipaddr": "N",
                "refurl": "N",
                "savetimings": "N",
                "format": "G",
                "language": shown.default_language,
                "additional_languages": " ".join(others),
                "shownoanswer": "Y",
            },
        )
        for language in shown.languages:
            row = {"surveyls_survey_id": _SURVEY, "surveyls_language": language}
            row |= {"surveyls_title": _html(shown.title, language), "surveyls_description": ""}
            row |= {
                "surveyls_welcometext": _html(shown.intro, language),
                "surveyls_endtext": _html(shown.debrief, language),
            }
            self._add("surveys_languagesettings", row)

    def _section(self, section: Section, number: int) -> None:
        gid, table = str(number), _is_array(section)
        self._add(
            "groups", {"gid": gid, "sid": _SURVEY, "group_order": gid, "grelevance": self._relevance(section)}
        )
        for language in self._questionnaire.languages:
            description = "" if table else _html(section.intro, language)
            row = {"id": self._next(), "gid": gid, "group_name": _html(section.title, language)}
            self._add("group_l10ns", row | {"description": description, "language": language, "sid": _SURVEY})
        if table:
            self._array(section, gid)
        else:
            for order, item in enumerate(section.items, 1):
                self._question(item, gid, str(order))

    def _array(self, section: Section, gid: str) -> None:
        first = section.items[0]
        title = self._codes[first.id].partition("_")[0]
        qid = self._asked("questions", "0", gid, "F", title, "1")
        self._texts(qid, section.intro or section.title, None)
        self._answer_rows(first, qid)
        for order, item in enumerate(section.items, 1):
            code = self._codes[item.id].partition("_")[2]
            part = self._asked("subquestions", qid, gid, "T", code, str(order), self._relevance(item))
            self._texts(part, item.text, None)

    def _question(self, item: Item, gid: str, order: str) -> None:
        kind = "M" if is_multi(item) else "L"
        qid = self._asked("questions", "0", gid, kind, self._codes[item.id], order, self._relevance(item))
        self._texts(qid, item.text, item.hint)
        if kind == "L":
            self._answer_rows(item, qid)
            return
        for number, option in enumerate(item.options, 1):
            part = self._asked("subquestions", qid, gid, "T", _option_code(item, number), str(number))
            self._texts(part, option.label, None)
        self._attributes(item, qid)

    def _attributes(self, item: Item, qid: str) -> None:
        alone = [
            _option_code(item, number) for number, option in enumerate(item.options, 1) if option.exclusive
        ]
        attributes = {"exclude_all_others": ";".join(alone)} if alone else {}
        if item.max_choices is not None:
            attributes["max_answers"] = str(item.max_choices)
        for name, value in attributes.items():
            self._add("question_attributes", {"qid": qid, "attribute": name, "value": value, "language": ""})

    def _asked(
        self, table: str, parent: str, gid: str, kind: str, title: str, order: str, relevance: str = "1"
    ) -> str:
        qid = self._next()
        row = {"qid": qid, "parent_qid": parent, "sid": _SURVEY, "gid": gid, "type": kind, "title": title}
        row |= {"other": "N", "mandatory": "N", "encrypted": "N", "question_order": order, "scale_id": "0"}
        self._add(table, row | {"same_default": "0", "relevance": relevance})
        return qid

    def _texts(self, qid: str, text: Text, hint: Text | None) -> None:
        for language in self._questionnaire.languages:
            row = {
                "id": self._next(),
                "qid": qid,
                "question": _html(text, language),
                "help": _html(hint, language),
            }
            self._add("question_l10ns", row | {"script": "", "language": language})

    def _answer_rows(self, item: Item, qid: str) -> None:
        for number, option in enumerate(self._questionnaire.options_of(item), 1):
            aid = self._next()
            row = {"aid": aid, "qid": qid, "code": _option_code(item, number), "sortorder": str(number)}
            self._add("answers", row | {"assessment_value": str(option.value or 0), "scale_id": "0"})
            for language in self._questionnaire.languages:
                text = {"id": self._next(), "aid": aid, "answer": _html(option.label, language)}
                self._add("answer_l10ns", text | {"language": language})


def _question_codes(questionnaire: Questionnaire) -> dict[str, str]:
    """Item id → what LimeSurvey calls it; a row of an array is its question's code, `_`, its own."""
    taken: set[str] = set()
    codes: dict[str, str] = {}
    for section in questionnaire.sections:
        array = _free(section.id, taken) if _is_array(section) else None
        for number, item in enumerate(section.items, 1):
            codes[item.id] = f"{array}_SQ{number:03}" if array else _free(item.id, taken)
    return codes


def _free(name: str, taken: set[str]) -> str:
    wanted = _NOT_IN_CODES.sub("", name)[:_LONGEST_CODE]
    number, code = 1, wanted
    while code.lower() in taken:
        number += 1
        code = f"{wanted[: _LONGEST_CODE - len(str(number))]}{number}"
    taken.add(code.lower())
    return code


def _option_code(item: Item, number: int) -> str:
    return f"SQ{number:03}" if is_multi(item) else f"AO{number:02}"


def _is_array(section: Section) -> bool:
    """Whether the section can be one array: rows on one scale, without hints."""
    scales = {item.scale for item in section.items}
    plain = all(item.hint is None for item in section.items)
    return section.layout is Layout.MATRIX and len(scales) == 1 and None not in scales and plain


def _html(text: Text | None, language: str) -> str:
    """LimeSurvey's texts are HTML, in which braces run programs."""
    if text is None:
        return ""
    escaped = html.escape(text[language], quote=False).replace("{", "&#123;").replace("}", "&#125;")
    return escaped.replace("\n", "<br />\n")


def _document(languages: Sequence[str], tables: Mapping[str, Sequence[Row]]) -> bytes:
    root = Element("document")
    SubElement(root, "LimeSurveyDocType").text = "Survey"
    SubElement(root, "DBVersion").text = DB_VERSION
    named = SubElement(root, "languages")
    for language in languages:
        SubElement(named, "language").text = language
    for name, rows in sorted(tables.items()):
        _table(SubElement(root, name), rows)
    indent(root, " ")
    written: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + written + b"\n"


def _table(table: Element, rows: Sequence[Row]) -> None:
    fields = SubElement(table, "fields")
    for name in _columns(rows):
        SubElement(fields, "fieldname").text = name
    within = SubElement(table, "rows")
    for row in rows:
        element = SubElement(within, "row")
        for name, text in row.items():
            SubElement(element, name).text = text


def _columns(rows: Sequence[Row]) -> Iterator[str]:
    yield from dict.fromkeys(name for row in rows for name in row)
