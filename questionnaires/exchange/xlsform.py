"""
XLSForm → draft: sheets `survey`, `choices` and `settings`, as pyxform and ODK read them.

Questions with options come along, with their groups, languages, hints, notes, relevance and what a constraint
says of the number of choices. What a person would write, say, record or be located by does not
(docs/reference/exchange.md lists all types). pyxform itself turns a form into an XForm, and stops at the
first thing it does not like: no reader to build on where all is to be told. Tests ask it about exports.

Source: the XLSForm standard, https://xlsform.org/en/ref-table/, and pyxform 4.5.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from questionnaires.exchange.building import Imported, built
from questionnaires.exchange.carrying import carried_in
from questionnaires.exchange.constraints import Limits, limits_of
from questionnaires.exchange.drafts import Draft, DraftItem, DraftOption, DraftSection, Labels
from questionnaires.exchange.expressions import Dialect
from questionnaires.exchange.languages import language_code
from questionnaires.exchange.limits import refuse
from questionnaires.exchange.names import shortened
from questionnaires.exchange.report import Log
from questionnaires.exchange.sheets import Row, Sheet, read_sheets

SURVEY, CHOICES, SETTINGS, OURS = "survey", "choices", "settings", "tillid"
SHEETS = (SURVEY, CHOICES, SETTINGS, OURS)
_MOST_FILTERED = 20
_YES = frozenset({"yes", "true", "true()", "1"})
_QUOTING = re.compile(r"\$\{[^{}]*\}")
_SELECT = re.compile(
    r"^(?:add )?(?P<how>select_one|select one(?: from| prompt using)?|select1|select_multiple"
    r"|select multiple(?: from| prompt using)?|select all that apply(?: from)?)"
    r" (?P<list>\S.*?)(?P<other> or_other| or specify other)?$",
    re.IGNORECASE,
)
_BEGIN_OR_END = re.compile(r"^(begin|end)[ _](group|repeat|loop)\b", re.IGNORECASE)
_FILTER = re.compile(r"^(?:(\w+)\s*=\s*\$\{(\w+)\}|\$\{(\w+)\}\s*=\s*(\w+))$")
_TRANSLATED = re.compile(r"^(label|hint|caption)\s*(?:::?)\s*(.+)$")
_ALIASES: Mapping[str, str] = {
    "caption": "label",
    "value": "name",
    "list name": "list_name",
    "relevance": "relevant",
    "bind:relevant": "relevant",
    "bind::relevant": "relevant",
    "bind:constraint": "constraint",
    "bind::constraint": "constraint",
    "bind:required": "required",
    "bind::required": "required",
    "control:appearance": "appearance",
    "control::appearance": "appearance",
    "choice filter": "choice_filter",
    "id_string": "form_id",
    "title": "form_title",
}
_TYPES = {
    "string": "text",
    "int": "integer",
    "trigger": "acknowledge",
    "geotrace": "geopoint",
    "geoshape": "geopoint",
}
_READ = frozenset(
    {
        "type",
        "name",
        "label",
        "hint",
        "relevant",
        "constraint",
        "choice_filter",
        "required",
        "appearance",
        "list_name",
    }
)
_OF_NO_MATTER = frozenset({"constraint_message", "required_message", "note", "notes", "comment", "comments"})
_ABOUT_WHO_ANSWERS = frozenset(
    [
        "start",
        "end",
        "today",
        "deviceid",
        "subscriberid",
        "simserial",
        "phonenumber",
        "username",
        "email",
        "audit",
        "start-geopoint",
        "imei",
        "background-audio",
        "background-geopoint",
    ]
)
_WHY_NOT: Mapping[str, str] = {
    "text": "free text gives people away: how somebody writes, and what happened to whom",
    "integer": "a number needs bands, which the format has none of: ask with options",
    "decimal": "a number needs bands, which the format has none of: ask with options",
    "range": "a number needs bands, which the format has none of: ask with options",
    "calculate": "nothing is worked out here from answers",
    "hidden": "nothing is asked that the respondent cannot see",
    "rank": "options cannot be ranked here",
    "acknowledge": "nobody is made to agree to anything here",
    "date": "a day can give away who answers: ask with options",
    "datetime": "a moment can give away who answers: ask with options",
    "time": "a moment can give away who answers: ask with options",
    "geopoint": "a place gives away who answers",
    "image": "nothing is recorded here but chosen options",
    "audio": "nothing is recorded here but chosen options",
    "video": "nothing is recorded here but chosen options",
    "file": "nothing is recorded here but chosen options",
    "barcode": "nothing is recorded here but chosen options",
}


@dataclass(slots=True)
class _Group:
    """A section while its rows are read."""

    name: str
    place: str
    labels: Labels = field(default_factory=dict)
    condition: str = ""
    matrix: bool = False
    items: list[DraftItem] = field(default_factory=list)
    intro: list[Labels] = field(default_factory=list)
    inner: list[str] = field(default_factory=list)


def read_xlsform(files: Mapping[str, bytes], language: str = "da") -> Imported:
    """
    A questionnaire from an XLSForm: one workbook, one CSV with all sheets, or a CSV for each sheet.

    Args:
        files: Name → content.
        language: Of texts for which the form names no language.

    Raises:
        ExchangeError: If a file cannot be read, or nothing in it can be asked.
    """
    log = Log()
    sheets: dict[str, Sheet] = {}
    for name, data in files.items():
        sheets |= read_sheets(data, name, SHEETS, log)
    if SURVEY not in sheets or "type" not in sheets[SURVEY].columns:
        refuse(", ".join(files), "there is no sheet survey with a column type", "Give an XLSForm.")
    return built(_Reader(sheets, language, log).draft(), log)


class _Reader:
    def __init__(self, sheets: Mapping[str, Sheet], language: str, log: Log) -> None:
        self._sheets = {name: _aliased(sheet) for name, sheet in sheets.items()}
        self._log = log
        self._settings = self._settings_row()
        self._default = self._default_language(language)
        self._columns = {name: self._texts_of(sheet) for name, sheet in self._sheets.items()}
        self._choices = self._lists()
        self._sections: list[_Group] = []
        self._open: list[_Group] = []
        self._loose: _Group | None = None
        self._intro: list[Labels] = []
        self._waiting: list[tuple[str, Labels]] = []

    def draft(self) -> Draft:
        self._read_survey()
        get = self._settings.get
        languages = self._languages()
        return Draft(
            name=get("form_id", "") or "form",
            title={self._default: get("form_title", "") or get("form_id", "")},
            version=get("version", ""),
            languages=languages,
            default_language=self._default if self._default in languages else languages[0],
            sections=tuple(self._section(group) for group in self._sections),
            dialect=Dialect.XLSFORM,
            quoting=_QUOTING,
            plain_name=str,
            intro=_together(self._intro),
            debrief=_together([labels for _, labels in self._waiting]),
            carried=carried_in(self._own_rows(), self._log),
        )

    # ── settings, languages, choices ───────────────────────────────────────────────────────────────────

    def _settings_row(self) -> Mapping[str, str]:
        rows = self._sheets[SETTINGS].rows if SETTINGS in self._sheets else []
        found = rows[0].cells if rows else {}
        for name in found:
            if name not in {"form_title", "form_id", "version", "default_language"}:
                self._log.left_out("settings", f'the setting "{shortened(name)}" has no meaning here')
        return found

    def _default_language(self, language: str) -> str:
        named = self._settings.get("default_language", "")
        found = language_code(named) if named else None
        if named and found is None:
            self._log.changed(
                "settings", f'the default language "{shortened(named)}" is not known: "{language}" it is'
            )
        return found or language

    def _texts_of(self, sheet: Sheet) -> dict[str, tuple[str, str]]:
        """The columns with texts: name of the column → what it holds, and in which language."""
        found = {}
        for column in sheet.columns:
            match = _TRANSLATED.match(column)
            if match:
                what, code = match.group(1).replace("caption", "label"), language_code(match.group(2))
                if code is None:
                    self._log.left_out(
                        f"sheet {sheet.name}", f'column "{column}": no language is known by that name'
                    )
                else:
                    found[column] = (what, code)
            elif column in {"label", "hint"}:
                found[column] = (column, self._default)
        return found

    def _languages(self) -> tuple[str, ...]:
        used = dict.fromkeys(
            code for columns in self._columns.values() for what, code in columns.values() if what == "label"
        )
        return tuple(used) or (self._default,)

    def _labels(self, row: Row, sheet: str, what: str = "label") -> dict[str, str]:
        return {
            code: row.cells[column]
            for column, (held, code) in self._columns[sheet].items()
            if held == what and column in row.cells
        }

    def _lists(self) -> dict[str, list[tuple[DraftOption, Row]]]:
        lists: dict[str, list[tuple[DraftOption, Row]]] = {}
        for row in self._sheets[CHOICES].rows if CHOICES in self._sheets else []:
            if not row.get("list_name") or not row.get("name"):
                self._log.left_out(row.place, "a choice without list_name or name")
                continue
            option = DraftOption(row.get("name"), self._labels(row, CHOICES), row.place)
            lists.setdefault(row.get("list_name"), []).append((option, row))
        return lists

    def _own_rows(self) -> Iterator[tuple[str, str, str]]:
        for row in self._sheets[OURS].rows if OURS in self._sheets else []:
            yield row.get("place"), row.get("read as"), row.get("meant")

    # ── the survey, row by row ─────────────────────────────────────────────────────────────────────────

    def _read_survey(self) -> None:
        rows = iter(self._sheets[SURVEY].rows)
        for row in rows:
            bound = _BEGIN_OR_END.match(row.get("type"))
            if row.get("disabled").lower() in _YES:
                self._log.left_out(row.place, f'"{shortened(row.get("name"))}" is disabled')
            elif bound is None:
                self._question(row)
            elif bound[2].lower() != "group":
                self._pass_over(row, rows)
            elif bound[1].lower() == "begin":
                self._begin(row)
            else:
                self._end(row)
        if self._open:
            self._log.changed(self._open[0].place, "a group is never ended: it was ended after the last row")

    def _pass_over(self, row: Row, rows: Iterator[Row]) -> None:
        depth, asked = 1, 0
        for inner in rows:
            bound = _BEGIN_OR_END.match(inner.get("type"))
            if bound is None:
                asked += bool(inner.get("type"))
            elif bound[2].lower() != "group":
                depth += 1 if bound[1].lower() == "begin" else -1
            if depth == 0:
                break
        name = shortened(row.get("name") or "repeat")
        self._log.left_out(
            row.place, f'"{name}" and {asked} questions in it: nothing is asked of one person again and again'
        )

    def _begin(self, row: Row) -> None:
        self._settle_notes()
        self._tell_of_others(row)
        labels, condition = self._labels(row, SURVEY), row.get("relevant")
        if self._open:
            outer = self._open[0]
            self._log.changed(
                row.place,
                f'group "{shortened(row.get("name"))}" stands inside another: its questions join that',
            )
            outer.inner.append(condition)
            self._open.append(outer)
            return
        self._loose = None
        matrix = "table-list" in row.get("appearance")
        group = _Group(row.get("name") or "section", row.place, labels, condition, matrix=matrix)
        self._sections.append(group)
        self._open.append(group)

    def _end(self, row: Row) -> None:
        if not self._open:
            self._log.left_out(row.place, "a group ends here that never began")
            return
        group = self._open.pop()
        if self._open:
            group.inner.pop()

    def _question(self, row: Row) -> None:
        kind = " ".join(row.get("type").split())
        match = _SELECT.match(kind)
        if kind.lower() == "note":
            self._note(row)
        elif match is not None:
            self._settle_notes()
            group = self._group(row)
            group.items.extend(self._items(row, match, tuple(group.inner)))
        elif kind:
            self._log.left_out(row.place, f'question "{shortened(row.get("name"))}": {_reason(kind.lower())}')

    def _group(self, row: Row) -> _Group:
        if self._open:
            return self._open[0]
        if self._loose is None:
            self._loose = _Group(f"section_{len(self._sections) + 1}", row.place)
            self._sections.append(self._loose)
        return self._loose

    def _note(self, row: Row) -> None:
        labels = self._labels(row, SURVEY)
        if row.get("relevant"):
            self._log.left_out(row.place, "a note with a condition: texts are for everybody here")
        elif self._open and not self._open[0].items:
            self._open[0].intro.append(labels)
        elif not self._open and not self._sections:
            self._intro.append(labels)
        elif not self._open:
            self._waiting.append((row.place, labels))
        else:
            self._log.left_out(row.place, "a note between questions has no place here")

    def _settle_notes(self) -> None:
        """What stands between questions is no farewell."""
        for place, _ in self._waiting:
            self._log.left_out(place, "a note between sections has no place here")
        self._waiting.clear()

    # ── one question ───────────────────────────────────────────────────────────────────────────────────

    def _items(self, row: Row, match: re.Match[str], inner: tuple[str, ...]) -> Iterator[DraftItem]:
        multi = not match["how"].lower().startswith(("select_one", "select one", "select1"))
        self._tell_of_others(row)
        if match["other"]:
            self._log.changed(row.place, "or_other: the further option and its text are left out")
        limits = limits_of(row, self._log) if multi else Limits()
        if not multi and row.get("constraint"):
            self._log.changed(row.place, f'its constraint "{shortened(row.get("constraint"))}" is not kept')
        item = DraftItem(
            name=row.get("name"),
            place=row.place,
            labels=self._labels(row, SURVEY),
            hints=self._labels(row, SURVEY, "hint"),
            options=(),
            multi=multi,
            options_list=match["list"],
            conditions=(*inner, row.get("relevant")),
            max_choices=limits.most,
            exclusive=limits.exclusive,
            aliases={row.get("name"): None},
        )
        return self._with_options(item, row)

    def _with_options(self, item: DraftItem, row: Row) -> Iterator[DraftItem]:
        choices = self._choices.get(item.options_list or "", [])
        if not choices:
            self._log.left_out(
                item.place,
                f'question "{shortened(item.name)}": there is no list "{shortened(item.options_list or "")}"',
            )
        elif row.get("choice_filter"):
            yield from self._filtered(item, row.get("choice_filter"), choices)
        else:
            yield replace(item, options=tuple(option for option, _ in choices))

    def _filtered(
        self, item: DraftItem, source: str, choices: Sequence[tuple[DraftOption, Row]]
    ) -> Iterator[DraftItem]:
        """One question for each answer that the filter asks for: `region=${region}`."""
        match = _FILTER.match(source.strip())
        column, asked = (match[1] or match[4], match[2] or match[3]) if match else ("", "")
        values = list(dict.fromkeys(row.get(column.lower()) for _, row in choices if row.get(column.lower())))
        if not values or len(values) > _MOST_FILTERED:
            self._log.left_out(
                item.place,
                f'question "{shortened(item.name)}": its filter "{shortened(source)}" is not understood',
            )
            return
        self._log.changed(
            item.place, f'its choices are filtered by "{asked}": {len(values)} questions, one for each answer'
        )
        for value in values:
            kept = tuple(option for option, row in choices if row.get(column.lower()) == value)
            yield replace(
                item,
                name=f"{item.name}_{value}",
                options=kept,
                options_list=None,
                aliases={},
                only_if=(asked, value),
            )

    def _tell_of_others(self, row: Row) -> None:
        cells = row.cells
        if row.get("required").lower() in _YES:
            self._log.changed_once(row.place, "required: nobody is made to answer here")
        if cells.get("appearance", "table-list") != "table-list":
            self._log.changed_once(
                row.place, f'the appearance "{shortened(cells["appearance"])}" is not kept'
            )
        for column in cells:
            if column not in _READ | _OF_NO_MATTER and column not in self._columns[SURVEY]:
                self._log.changed_once(row.place, f'what stands in column "{shortened(column)}" is not kept')

    def _section(self, group: _Group) -> DraftSection:
        return DraftSection(
            name=group.name,
            place=group.place,
            labels=group.labels,
            items=tuple(group.items),
            intro=_together(group.intro),
            condition=group.condition,
            matrix=group.matrix,
        )


def _aliased(sheet: Sheet) -> Sheet:
    """The sheet with today's names for its columns: forms of many years are about."""
    rows = [
        replace(row, cells={_ALIASES.get(name, name): text for name, text in row.cells.items()})
        for row in sheet.rows
    ]
    return Sheet(sheet.name, [_ALIASES.get(name, name) for name in sheet.columns], rows)


def _together(notes: Sequence[Labels]) -> dict[str, str]:
    languages = dict.fromkeys(language for labels in notes for language in labels)
    return {
        language: "\n".join(labels[language] for labels in notes if language in labels)
        for language in languages
    }


def _reason(kind: str) -> str:
    first = kind.partition(" ")[0]
    first = _TYPES.get(first, first)
    if kind in _ABOUT_WHO_ANSWERS or first in _ABOUT_WHO_ANSWERS:
        return f"{kind}: nothing is recorded here about who answers, where or when"
    if kind.startswith(("select_one_", "select_multiple_")) or "external" in kind:
        return f"{first}: other files are not read"
    return _WHY_NOT.get(first, f'questions of type "{shortened(kind, 40)}" cannot be asked here')
