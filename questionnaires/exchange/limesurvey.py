"""
LimeSurvey survey structure (.lss) → draft.

Of versions that keep texts in the tables of questions, and of those that keep them beside (`question_l10ns`,
since LimeSurvey 4).

Questions with options come along: lists, multiple choice, and arrays, each row of which becomes an item of a
matrix. What a person would write, upload or rank does not (docs/reference/exchange.md lists all types).
PyPI has clients of LimeSurvey's interface and readers of its data, but none of this format.

Source: files that LimeSurvey 3 to 6 wrote, and its manual on question types and ExpressionScript.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from questionnaires.exchange.building import Imported, built
from questionnaires.exchange.carrying import carried_in
from questionnaires.exchange.drafts import Draft, DraftItem, DraftOption, DraftSection, Labels
from questionnaires.exchange.expressions import Dialect
from questionnaires.exchange.languages import language_code
from questionnaires.exchange.limesurvey_rows import Row, read_tables
from questionnaires.exchange.limesurvey_types import (
    ARRAYS,
    FIXED,
    MULTI,
    SINGLE,
    WHY_NOT,
    WITH_COMMENT,
    fixed_labels,
)
from questionnaires.exchange.limits import refuse
from questionnaires.exchange.names import shortened
from questionnaires.exchange.report import Log

OURS: Final = "tillid"
_TABLES = frozenset(
    "answers answer_l10ns groups group_l10ns questions question_l10ns subquestions question_attributes"
    f" conditions surveys surveys_languagesettings {OURS}".split()
)
# ExpressionScript runs in braces that are not followed by a space.
_QUOTING = re.compile(r"\{[^\s{}][^{}]*\}")
_SUFFIX = re.compile(r"\.(NAOK|code)$")
_MOST_QUESTIONS = 5_000
_ALWAYS = frozenset({"", "1"})
_OF_EFFECT = frozenset(
    {"array_filter", "array_filter_exclude", "em_validation_q", "em_validation_sq", "equation"}
)
_ORDERS = frozenset({"random_order", "answer_order", "subquestion_order", "random_group", "alphasort"})
_PASSED_OVER = frozenset({"themes", "themes_inherited", "fields", "languages"})


def read_limesurvey(data: bytes, name: str, language: str = "da") -> Imported:
    """
    A questionnaire from a LimeSurvey survey structure.

    Args:
        data: The file.
        name: What it is called, for messages.
        language: Of texts whose language has no two-letter code.

    Raises:
        ExchangeError: If it cannot be read.
    """
    log = Log()
    tables = read_tables(data, name, _TABLES)
    if not tables.get("surveys") or not tables.get("questions"):
        refuse(name, "there are no surveys or no questions in it", "Export the survey structure (.lss).")
    if len(tables["questions"]) > _MOST_QUESTIONS:
        refuse(name, f"it has over {_MOST_QUESTIONS} rows of questions", "Split the survey.")
    for other in tables[""][0]:
        if other not in _PASSED_OVER:
            log.left_out(other, "a part of LimeSurvey that has no meaning here")
    return built(_Reader(tables, language, log).draft(), log)


class _Reader:
    def __init__(self, tables: Mapping[str, Sequence[Row]], language: str, log: Log) -> None:
        self._tables = tables
        self._log = log
        self._survey = tables["surveys"][0]
        self._codes = self._languages(language)
        self._subquestions = _by(self._table("subquestions"), "parent_qid")
        self._answers = _by(self._table("answers"), "qid")
        self._attributes = _by(self._table("question_attributes"), "qid")
        self._conditions = {row.get("qid", "") for row in self._table("conditions")}
        self._texts = {
            table: _by(self._table(f"{table}_l10ns") or self._table(f"{table}s"), key)
            for table, key in (("group", "gid"), ("question", "qid"), ("answer", "aid"))
        }
        self._old_texts_of_subquestions = _by(self._table("subquestions"), "qid")
        self._asked = _by(self._ordered("questions", "qid", "question_order"), "gid")
        self._lists: dict[str, tuple[tuple[str, str], ...]] = {}
        self._carried = carried_in(self._own_rows(), log)

    def draft(self) -> Draft:
        languages = tuple(dict.fromkeys(self._codes.values()))
        sections = [
            section
            for group in self._ordered("groups", "gid", "group_order")
            for section in self._group(group)
        ]
        return Draft(
            name=f"survey_{self._survey.get('sid', '')}",
            title=self._said("surveyls_title"),
            version="",
            languages=languages,
            default_language=languages[0],
            sections=tuple(sections),
            dialect=Dialect.LIMESURVEY,
            quoting=_QUOTING,
            plain_name=lambda name: _SUFFIX.sub("", name),
            intro=_joined(self._said("surveyls_description"), self._said("surveyls_welcometext")),
            debrief=self._said("surveyls_endtext"),
            carried=self._carried,
        )

    def _table(self, name: str) -> Sequence[Row]:
        return self._tables.get(name, ())

    def _own_rows(self) -> Iterator[tuple[str, str, str]]:
        for row in self._table(OURS):
            yield row.get("place", ""), row.get("read_as", ""), row.get("meant", "")

    def _languages(self, language: str) -> dict[str, str]:
        """LimeSurvey's name of each language → its code; the survey's own first."""
        names = [self._survey.get("language", ""), *self._survey.get("additional_languages", "").split()]
        codes: dict[str, str] = {}
        for name in dict.fromkeys(name for name in names if name):
            code = language_code(name)
            if code is None or code in codes.values():
                self._log.left_out(
                    "surveys", f'texts in "{shortened(name)}": no language is known by that name'
                )
            else:
                codes[name] = code
        return codes or {names[0]: language}

    def _labels(self, rows: Sequence[Row], column: str, language: str = "language") -> dict[str, str]:
        return {
            self._codes[row.get(language, "")]: row.get(column, "")
            for row in rows
            if row.get(language, "") in self._codes and row.get(column, "").strip()
        }

    def _said(self, column: str) -> dict[str, str]:
        return self._labels(self._table("surveys_languagesettings"), column, "surveyls_language")

    def _ordered(self, table: str, key: str, order: str) -> list[Row]:
        """One row of each thing; older files have one for each language."""
        first = {row.get(key, ""): row for row in reversed(self._table(table))}
        return sorted(
            first.values(), key=lambda row: (_number(row.get(order, "")), _number(row.get(key, "")))
        )

    # ── groups ─────────────────────────────────────────────────────────────────────────────────────────

    def _group(self, group: Row) -> Iterator[DraftSection]:
        """A section for what stands in lists, and one for each array, since its rows share one question."""
        gid = group.get("gid", "")
        texts = self._texts["group"].get(gid, ())
        place = f"groups, gid {gid}"
        whole = DraftSection(
            name=f"group_{gid}",
            place=place,
            labels=self._labels(texts, "group_name"),
            intro=self._labels(texts, "description"),
            condition=self._relevance(group.get("grelevance", "")),
            items=(),
        )
        parts: list[DraftSection] = []
        for question in self._asked.get(gid, ()):
            if question.get("parent_qid", "0") in {"", "0"}:
                self._add(parts, whole, question)
        for number, part in enumerate(parts, 1):
            yield replace(part, name=whole.name if number == 1 else f"{whole.name}_{number}")

    def _add(self, parts: list[DraftSection], whole: DraftSection, question: Row) -> None:
        kind = question.get("type", "")
        if kind == "X":
            self._boilerplate(parts, whole, question)
            return
        items = tuple(self._items(question))
        if kind in ARRAYS and items:
            parts.append(self._of_array(whole if not parts else replace(whole, intro={}), question, items))
        elif items and parts and not parts[-1].matrix:
            parts[-1] = replace(parts[-1], items=(*parts[-1].items, *items))
        elif items:
            parts.append(replace(whole, intro=whole.intro if not parts else {}, items=items))

    def _of_array(self, whole: DraftSection, question: Row, items: tuple[DraftItem, ...]) -> DraftSection:
        stem = self._labels(self._texts["question"].get(question.get("qid", ""), ()), "question")
        intro = whole.intro if stem == whole.labels else _joined(whole.intro, stem)
        return replace(whole, intro=intro, items=items, matrix=True)

    def _boilerplate(self, parts: list[DraftSection], whole: DraftSection, question: Row) -> None:
        place = _place(question)
        if parts or self._relevance(question.get("relevance", "")):
            self._log.left_out(place, "a text between questions, or with a condition, has no place here")
            return
        labels = self._labels(self._texts["question"].get(question.get("qid", ""), ()), "question")
        self._log.changed(place, "a text before the questions: it stands in the section's introduction")
        parts.append(replace(whole, intro=_joined(whole.intro, labels)))

    # ── questions ──────────────────────────────────────────────────────────────────────────────────────

    def _items(self, question: Row) -> Iterator[DraftItem]:
        kind, place = question.get("type", ""), _place(question)
        reason = WHY_NOT.get(kind) or self._why_not(question)
        if reason is None and kind not in SINGLE | MULTI | ARRAYS:
            reason = f'questions of type "{shortened(kind, 10)}" cannot be asked here'
        if reason is not None:
            self._log.left_out(place, f'question "{shortened(question.get("title", ""))}": {reason}')
            return
        self._tell_of_others(question, place)
        if kind in ARRAYS:
            yield from self._rows_of_array(question)
        else:
            yield self._single_or_multi(question)

    def _why_not(self, question: Row) -> str | None:
        attributes = self._attributes_of(question)
        for name in sorted(_OF_EFFECT & attributes.keys()):
            return f'its options or answers depend on "{name}", which nothing here does'
        if attributes.get("hidden") == "1" or question.get("relevance", "").strip() == "0":
            return "it is hidden, and nothing is asked that the respondent cannot see"
        if question.get("qid", "") in self._conditions and not self._relevance(question.get("relevance", "")):
            return (
                "its conditions are of LimeSurvey 1: save it in a newer one, which writes them as relevance"
            )
        filtered = any(self._relevance(row.get("relevance", "")) for row in self._parts(question))
        if filtered and question.get("type") in MULTI:
            return "its options are shown on conditions, which no option here has"
        return None

    def _attributes_of(self, question: Row) -> dict[str, str]:
        rows = self._attributes.get(question.get("qid", ""), ())
        return {
            row.get("attribute", ""): row["value"].strip() for row in rows if row.get("value", "").strip()
        }

    def _tell_of_others(self, question: Row, place: str) -> None:
        if question.get("mandatory") in {"Y", "S"}:
            self._log.changed_once(place, "mandatory: nobody is made to answer here")
        if question.get("other") == "Y":
            self._log.changed(place, "the option Other and its text are left out")
        if question.get("type") in WITH_COMMENT:
            self._log.changed(place, "the field for comments is left out: free text gives people away")
        attributes = self._attributes_of(question)
        if any(attributes.get(name, "0") not in {"0", "N", "normal"} for name in _ORDERS):
            self._log.changed(
                place, "its options or rows come in the order written, not in random or sorted order"
            )
        if attributes.get("min_answers", "0") not in {"0", ""}:
            self._log.changed_once(place, "the least number of answers is not kept: nobody is made to answer")

    def _single_or_multi(self, question: Row) -> DraftItem:
        qid, title = question.get("qid", ""), question.get("title", "")
        multi = question.get("type") in MULTI
        options = self._options(question)
        texts = self._texts["question"].get(qid, ())
        item = DraftItem(
            name=title,
            place=_place(question),
            labels=self._labels(texts, "question"),
            hints=self._labels(texts, "help"),
            options=options,
            multi=multi,
            conditions=(self._relevance(question.get("relevance", "")),),
            aliases=dict.fromkeys(self._names(question)),
        )
        if not multi:
            return self._on_shared_list(item)
        attributes = self._attributes_of(question)
        most = attributes.get("max_answers", "")
        if most and not (most.isdigit() and int(most) > 0):
            self._log.changed(item.place, f'the most answers, "{shortened(most)}", is no number and not kept')
        parts = {
            f"{name}{mark}{option.name}": option.name
            for name, mark in self._marked(question)
            for option in options
        }
        return replace(
            item,
            max_choices=int(most) if most.isdigit() and 0 < int(most) < len(options) else None,
            exclusive=frozenset(attributes.get("exclude_all_others", "").split(";")),
            aliases={**item.aliases, **parts},
        )

    def _on_shared_list(self, item: DraftItem) -> DraftItem:
        """An export of ours tells which questions share a scale; they do while their options are the same."""
        shared = self._carried.names.get(f"list/{item.name}")
        if shared is None:
            return item
        written = tuple((option.name, str(option.labels)) for option in item.options)
        if self._lists.setdefault(shared, written) != written:
            self._log.changed(
                item.place, f'its options were edited: it is not on the scale "{shared}" any more'
            )
            return item
        return replace(item, options_list=shared, on_scale=True)

    def _rows_of_array(self, question: Row) -> Iterator[DraftItem]:
        title = question.get("title", "")
        options = self._options(question)
        hints = self._labels(self._texts["question"].get(question.get("qid", ""), ()), "help")
        if hints:
            self._log.left_out(_place(question), "the help text of an array has no place here")
        for row in self._parts(question):
            name = row.get("title", "")
            item = DraftItem(
                name=f"{title}_{name}",
                place=f"subquestions, qid {row.get('qid', '')}",
                labels=self._labels(self._texts_of_part(row), "question"),
                options=options,
                options_list=f"array_{title}",
                on_scale=True,
                conditions=(
                    self._relevance(question.get("relevance", "")),
                    self._relevance(row.get("relevance", "")),
                ),
                aliases={f"{of}{mark}{name}": None for of, mark in self._marked(question)},
            )
            shared = self._on_shared_list(replace(item, name=title))
            yield replace(item, options_list=shared.options_list)

    def _options(self, question: Row) -> tuple[DraftOption, ...]:
        kind = question.get("type", "")
        if kind in FIXED:
            return tuple(
                DraftOption(code, fixed_labels(kind, code, tuple(self._codes.values())), _place(question))
                for code in FIXED[kind]
            )
        if kind in MULTI:
            return tuple(
                DraftOption(
                    row.get("title", ""),
                    self._labels(self._texts_of_part(row), "question"),
                    f"subquestions, qid {row.get('qid', '')}",
                )
                for row in self._parts(question)
            )
        return self._answer_options(question)

    def _answer_options(self, question: Row) -> tuple[DraftOption, ...]:
        rows = [
            row
            for row in self._answers.get(question.get("qid", ""), ())
            if row.get("scale_id", "0") in {"", "0"}
        ]
        first = {row.get("code", ""): row for row in reversed(rows)}
        ordered = sorted(
            first.values(), key=lambda row: (_number(row.get("sortorder", "")), row.get("code", ""))
        )
        return tuple(
            DraftOption(
                row.get("code", ""),
                self._labels(self._texts_of_answer(row, rows), "answer"),
                _place(question),
            )
            for row in ordered
        )

    def _texts_of_answer(self, answer: Row, rows: Sequence[Row]) -> Sequence[Row]:
        if "aid" in answer:
            return self._texts["answer"].get(answer["aid"], ())
        return [row for row in rows if row.get("code") == answer.get("code")]

    def _texts_of_part(self, row: Row) -> Sequence[Row]:
        qid = row.get("qid", "")
        return self._texts["question"].get(qid) or self._old_texts_of_subquestions.get(qid) or ()

    def _parts(self, question: Row) -> list[Row]:
        rows = self._subquestions.get(question.get("qid", ""), ())
        first = {row.get("qid", ""): row for row in reversed(rows) if row.get("scale_id", "0") in {"", "0"}}
        return sorted(
            first.values(),
            key=lambda row: (_number(row.get("question_order", "")), _number(row.get("qid", ""))),
        )

    @staticmethod
    def _relevance(source: str) -> str:
        return "" if source.strip() in _ALWAYS else source.strip()

    @staticmethod
    def _names(question: Row) -> tuple[str, str]:
        """What expressions call a question: its code, or the old name of its column."""
        column = f"{question.get('sid', '')}X{question.get('gid', '')}X{question.get('qid', '')}"
        return question.get("title", ""), column

    def _marked(self, question: Row) -> tuple[tuple[str, str], ...]:
        title, column = self._names(question)
        return (title, "_"), (column, "")


def _place(question: Row) -> str:
    return f"questions, qid {question.get('qid', '')}"


def _by(rows: Sequence[Row], key: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.get(key, ""), []).append(row)
    return found


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004  a database's integer


def _joined(first: Labels, second: Labels) -> dict[str, str]:
    return {
        language: "\n".join(labels[language] for labels in (first, second) if language in labels)
        for language in dict.fromkeys([*first, *second])
    }
