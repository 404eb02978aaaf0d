"""
Definition → DDI-Codebook 2.5, with the figures of a release in the forms it was published in.

A count that was published as a number stands as a frequency; one that was published as a range stands as that
range, and one that was hidden is not there and said so. Nothing is worked out from anything here.

Source: DDI Alliance, DDI-Codebook 2.5, https://ddialliance.org/Specification/DDI-Codebook/2.5/.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from questionnaires.exchange.exported import Exported
from questionnaires.exchange.report import Log
from questionnaires.exchange.spelling import is_multi
from questionnaires.model import Group, Item, Option, Questionnaire, Section, Text
from questionnaires.wording import in_words

NAMESPACE: Final = "ddi:codebook:2_5"
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_ORDINAL: Final = "ordinal"
Bounds = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Counted:
    """
    One published figure.

    Attributes:
        id: The option's, or the group's that counts several codes as one.
        codes: What it counts; empty for those who gave no answer.
        bounds: Least and greatest value, both included; the same when the number itself was published.
    """

    id: str
    codes: tuple[str, ...]
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Frequencies:
    """What was published of one item: of how many, and how many chose what."""

    base: Bounds
    counted: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class Study:
    """
    Where figures come from.

    Attributes:
        organisation: Who asked.
        first_day, last_day: When, as `2026-11-25`.
        frequencies: Item → what was published of it.
    """

    organisation: str
    first_day: str
    last_day: str
    frequencies: Mapping[str, Frequencies] = field(default_factory=dict)


def write_ddi(questionnaire: Questionnaire, study: Study | None = None) -> Exported:
    """The codebook, and what it does not say."""
    log = Log()
    register_namespace("", NAMESPACE)
    writer = _Writer(questionnaire, study)
    log.left_out(
        "conditions", "DDI-Codebook describes data: what is asked of whom stands as a text with each variable"
    )
    for name in ("help_lines", "rules"):
        if getattr(questionnaire, name):
            log.left_out(name, "DDI-Codebook has no place for it")
    for item in questionnaire.items if study else ():
        if study and item.id not in study.frequencies:
            log.left_out(f'item "{item.id}"', "the release has no table of it")
    root = writer.document()
    indent(root, " ")
    content = b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8") + b"\n"
    return Exported(content, tuple(log.entries))


def _element(parent: Element, tag: str, text: str | None = None, **attributes: str) -> Element:
    element = SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)
    element.text = text
    return element


class _Writer:
    def __init__(self, questionnaire: Questionnaire, study: Study | None) -> None:
        self._questionnaire = questionnaire
        self._study = study

    def document(self) -> Element:
        shown = self._questionnaire
        root = Element(f"{{{NAMESPACE}}}codeBook", {"version": "2.5", _LANGUAGE: shown.default_language})
        self._study_description(_element(root, "stdyDscr"))
        data = _element(root, "dataDscr")
        for section in shown.sections:
            self._group_of_variables(data, section)
        for section in shown.sections:
            for item in section.items:
                self._variable(data, section, item)
        return root

    def _in_all(self, parent: Element, name: str, text: Text | None) -> None:
        for language in self._questionnaire.languages if text is not None else ():
            _element(parent, name, text[language] if text else None).set(_LANGUAGE, language)

    def _study_description(self, parent: Element) -> None:
        shown = self._questionnaire
        citation = _element(parent, "citation")
        titles = _element(citation, "titlStmt")
        for language in sorted(shown.languages, key=lambda language: language != shown.default_language):
            name = "titl" if language == shown.default_language else "parTitl"
            _element(titles, name, shown.title[language]).set(_LANGUAGE, language)
        _element(titles, "IDNo", shown.id)
        if self._study is not None:
            _element(_element(citation, "prodStmt"), "producer", self._study.organisation)
        _element(_element(citation, "verStmt"), "version", shown.version)
        information = _element(parent, "stdyInfo")
        self._in_all(information, "abstract", shown.intro)
        summary = _element(information, "sumDscr")
        if self._study is not None:
            _element(summary, "collDate", self._study.first_day, event="start", date=self._study.first_day)
            _element(summary, "collDate", self._study.last_day, event="end", date=self._study.last_day)
        self._in_all(summary, "universe", shown.audience)

    def _group_of_variables(self, parent: Element, section: Section) -> None:
        variables = " ".join(item.id for item in section.items)
        group = _element(
            parent, "varGrp", ID=f"section.{section.id}", type="section", name=section.id, var=variables
        )
        self._in_all(group, "labl", section.title)
        self._in_all(group, "txt", section.intro)

    def _variable(self, parent: Element, section: Section, item: Item) -> None:
        asked = self._frequencies_of(item)
        variable = _element(
            parent, "var", ID=item.id, name=item.id, intrvl="discrete", representationType="code"
        )
        if item.scale is not None:
            variable.set("nature", _ORDINAL)
        self._in_all(variable, "labl", item.text)
        question = _element(variable, "qstn", responseDomainType="multiple" if is_multi(item) else "code")
        self._in_all(question, "qstnLit", item.text)
        self._in_all(question, "postQTxt", item.hint)
        if section.show_if is not None or item.show_if is not None:
            conditions = [in_words(part) for part in (section.show_if, item.show_if) if part is not None]
            _element(variable, "universe", f"asked when {', and '.join(conditions)}")
        if asked is not None:
            _element(variable, "TotlResp", _range(asked.base))
        self._groups_of_categories(variable, item, asked)
        for option in self._questionnaire.options_of(item):
            self._category(variable, item, option, asked)
        _element(variable, "concept", item.measures)
        if asked is not None and any(_is_hidden(figure, asked) for figure in asked.counted):
            _element(
                variable,
                "notes",
                "figures that are missing are hidden to protect small groups",
                type="disclosure",
            )

    def _frequencies_of(self, item: Item) -> Frequencies | None:
        return None if self._study is None else self._study.frequencies.get(item.id)

    def _groups_of_categories(self, variable: Element, item: Item, asked: Frequencies | None) -> None:
        labels = (
            {group.id: group for group in self._questionnaire.grouping_of(item)} if not is_multi(item) else {}
        )
        for figure in asked.counted if asked else ():
            if not _is_of_one_option(figure, self._questionnaire.options_of(item)):
                self._group_of_categories(variable, item, figure, labels.get(figure.id), asked)

    def _group_of_categories(
        self, variable: Element, item: Item, figure: Counted, group: Group | None, asked: Frequencies | None
    ) -> None:
        element = _element(variable, "catgryGrp", ID=f"{item.id}-group-{figure.id}")
        if figure.codes:
            element.set("catgry", " ".join(_category_id(item, code) for code in figure.codes))
        if group is None:
            element.set("missing", "Y")
            _element(element, "labl", figure.id)
        else:
            self._in_all(element, "labl", group.label)
        _add_figure(element, figure, asked)

    def _category(self, variable: Element, item: Item, option: Option, asked: Frequencies | None) -> None:
        category = _element(variable, "catgry", ID=_category_id(item, option.code))
        if option.kind.is_missing:
            category.set("missing", "Y")
            category.set("missType", option.kind.value)
        _element(category, "catValu", option.code)
        self._in_all(category, "labl", option.label)
        for figure in asked.counted if asked else ():
            if figure.codes == (option.code,) and not option.kind.is_missing:
                _add_figure(category, figure, asked)


def _category_id(item: Item, code: str) -> str:
    return f"{item.id}.{code}"


def _is_of_one_option(figure: Counted, options: Sequence[Option]) -> bool:
    return any(figure.codes == (option.code,) and not option.kind.is_missing for option in options)


def _is_hidden(figure: Counted, asked: Frequencies) -> bool:
    return figure.bounds == (0, asked.base[1])


def _add_figure(parent: Element, figure: Counted, asked: Frequencies | None) -> None:
    if asked is None or _is_hidden(figure, asked):
        return
    if figure.bounds[0] == figure.bounds[1]:
        _element(parent, "catStat", str(figure.bounds[0]), type="freq")
    else:
        _element(parent, "catStat", _range(figure.bounds), type="other", otherType="range")


def _range(bounds: Bounds) -> str:
    least, most = bounds
    return str(least) if least == most else f"{least}-{most}"
