"""
Definition → XLSForm, a workbook that pyxform accepts.

The sheets `survey`, `choices` and `settings` are for everybody; the sheet `tillid` holds what they have no
place for (`carrying.py`), so that the workbook read again is the same definition.
"""

import io
from collections.abc import Iterator, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from questionnaires.exchange.carrying import Carried, differences
from questionnaires.exchange.exported import Exported, plain_data, told_beside
from questionnaires.exchange.languages import language_name
from questionnaires.exchange.report import Log
from questionnaires.exchange.spelling import both, is_multi, written
from questionnaires.exchange.xlsform import CHOICES, OURS, SETTINGS, SURVEY, read_xlsform
from questionnaires.model import Item, Layout, Option, Questionnaire, Section, Text

_INTRO, _DEBRIEF = "intro_note", "debrief_note"
Cells = Sequence[str]


def write_xlsform(questionnaire: Questionnaire) -> Exported:
    """The workbook, and what it cannot say to other programs."""
    log = Log()
    writer = _Writer(questionnaire, log)
    meant = plain_data(questionnaire)
    read = read_xlsform({"form.xlsx": writer.workbook(Carried())}, questionnaire.default_language)
    carried = Carried({"questionnaire": questionnaire.id}, tuple(differences(read.definition, meant)))
    told_beside(carried, "sheet tillid", log)
    return Exported(writer.workbook(carried), tuple(log.entries))


class _XPath:
    """How XLSForm writes the parts of a condition."""

    def is_chosen(self, item: Item, code: str) -> str:
        return f"selected(${{{item.id}}}, '{code}')" if is_multi(item) else f"${{{item.id}}} = '{code}'"

    def is_not_chosen(self, item: Item, code: str) -> str:
        return f"not({self.is_chosen(item, code)})"

    def is_answered(self, item: Item) -> str:
        return f"${{{item.id}}} != ''"

    def negated(self, part: str) -> str:
        return f"not({part})"


class _Writer:
    def __init__(self, questionnaire: Questionnaire, log: Log) -> None:
        self._questionnaire = questionnaire
        self._log = log
        self._languages = questionnaire.languages

    def workbook(self, carried: Carried) -> bytes:
        book = Workbook(write_only=True)
        for name, rows in (
            (SURVEY, self._survey()),
            (CHOICES, self._choices()),
            (SETTINGS, self._settings()),
            (OURS, self._ours(carried)),
        ):
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append([_cell(sheet, text) for text in row])
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def _settings(self) -> Iterator[Cells]:
        shown = self._questionnaire
        yield ("form_title", "form_id", "version", "default_language")
        language = shown.default_language
        yield (shown.title[language], shown.id, shown.version, language_name(language))

    def _headings(self, what: str) -> list[str]:
        return [f"{what}::{language_name(language)}" for language in self._languages]

    def _survey(self) -> Iterator[Cells]:
        yield [
            "type",
            "name",
            *self._headings("label"),
            *self._headings("hint"),
            "relevant",
            "constraint",
            "appearance",
        ]
        shown = self._questionnaire
        if shown.intro is not None:
            yield self._row("note", _INTRO, shown.intro)
        for section in shown.sections:
            yield from self._section(section)
        if shown.debrief is not None:
            yield self._row("note", _DEBRIEF, shown.debrief)

    def _section(self, section: Section) -> Iterator[Cells]:
        appearance = "table-list" if section.layout is Layout.MATRIX and _is_one_table(section) else ""
        relevant = self._relevant(section)
        yield self._row("begin_group", section.id, section.title, relevant=relevant, appearance=appearance)
        if section.intro is not None:
            yield self._row("note", f"{section.id}_{_INTRO}", section.intro)
        for item in section.items:
            yield self._row(
                f"{'select_multiple' if is_multi(item) else 'select_one'} {_list_of(item)}",
                item.id,
                item.text,
                hint=item.hint,
                relevant=self._relevant(item),
                constraint=_constraint(item),
            )
        yield self._row("end_group", section.id, None)

    def _row(
        self,
        kind: str,
        name: str,
        label: Text | None,
        *,
        hint: Text | None = None,
        relevant: str = "",
        constraint: str = "",
        appearance: str = "",
    ) -> Cells:
        return [kind, name, *self._in_all(label), *self._in_all(hint), relevant, constraint, appearance]

    def _in_all(self, text: Text | None) -> list[str]:
        return ["" if text is None else text[language] for language in self._languages]

    def _relevant(self, part: Section | Item) -> str:
        if part.show_if is None:
            return ""
        return both([written(part.show_if, self._questionnaire, _XPath())]) or ""

    def _choices(self) -> Iterator[Cells]:
        yield ["list_name", "name", *self._headings("label")]
        lists: dict[str, Sequence[Option]] = {
            _list_of(item): self._questionnaire.options_of(item) for item in self._questionnaire.items
        }
        for name, options in lists.items():
            for option in options:
                yield [name, option.code, *self._in_all(option.label)]

    @staticmethod
    def _ours(carried: Carried) -> Iterator[Cells]:
        yield ("place", "read as", "meant")
        yield from carried.rows()


def _cell(sheet: object, text: str) -> object:
    cell = WriteOnlyCell(sheet, value=text or None)  # type: ignore[arg-type]  # the stubs know no write-only sheet
    if text:
        # Said outright: a text that begins with "=" would be taken for a formula.
        cell.data_type = "s"
    return cell


def _list_of(item: Item) -> str:
    return item.id if item.scale is None else item.scale


def _is_one_table(section: Section) -> bool:
    # pyxform makes a table of one list only.
    return len({_list_of(item) for item in section.items}) == 1


def _constraint(item: Item) -> str:
    parts = [] if item.max_choices is None else [f"count-selected(.) <= {item.max_choices}"]
    parts += [
        f"not(selected(., '{option.code}') and count-selected(.) > 1)"
        for option in item.options
        if option.exclusive
    ]
    return " and ".join(parts)
