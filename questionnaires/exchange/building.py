"""
A definition out of a draft: legal names, plain texts in every language, conditions over what came along.

What cannot be carried over safely is left out whole, never in part: a question whose condition is not
understood would otherwise be asked of people whom its author did not mean.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from questionnaires.checking import MOST_ITEMS, check
from questionnaires.errors import Finding
from questionnaires.exchange.carrying import corrected
from questionnaires.exchange.drafts import Draft, DraftItem, DraftOption, DraftSection, Labels
from questionnaires.exchange.expressions import ExpressionError, parsed
from questionnaires.exchange.limits import refuse
from questionnaires.exchange.names import Names, item_names, option_names, shortened
from questionnaires.exchange.relevance import Plain, Target, condition_of
from questionnaires.exchange.report import Entry, ExchangeError, Log, Outcome
from questionnaires.exchange.texts import TextError, plain_in_all
from questionnaires.item_rules import MOST_OPTIONS
from questionnaires.model import Questionnaire

_VERSION = re.compile(r"^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$")
# Of all conditions together: reading them takes time.
MOST_CHARACTERS = 200_000
_QUESTIONNAIRE_ID = re.compile(r"^[a-z][a-z0-9_-]{0,63}$")
_NOTHING_LEFT = Finding(
    "questionnaire", "nothing is left that could be asked", "Give a form that asks with options."
)
_UNREAD = "a question that asks of an answer left blank is asked here: there it was not"
_Text: TypeAlias = dict[str, str]


@dataclass(frozen=True, slots=True)
class Imported:
    """
    A questionnaire from elsewhere.

    Attributes:
        definition: Plain data, as a definition file has it.
        entries: What became of each part, in the order of the file.
        findings: What keeps the definition from being fielded; nothing, mostly.
    """

    definition: dict[str, object]
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left out."""
        return all(entry.outcome is not Outcome.LEFT_OUT for entry in self.entries)

    def questionnaire(self) -> Questionnaire:
        """
        The definition as a value that may be fielded.

        Raises:
            ExchangeError: If there are findings, naming the first.
        """
        if self.findings:
            raise ExchangeError(self.findings[0])
        return Questionnaire.model_validate(self.definition)


def built(draft: Draft, log: Log) -> Imported:
    """
    The definition that a draft comes to.

    Raises:
        ExchangeError: If it asks many times more than anybody answers.
    """
    asked = sum(len(section.items) for section in draft.sections)
    if asked > 5 * MOST_ITEMS:
        refuse(
            "questionnaire",
            f"it asks {asked} questions, and may ask {MOST_ITEMS}",
            "Split the questionnaire.",
        )
    definition = _Builder(draft, log).definition()
    if not definition["sections"]:
        return Imported(definition, tuple(log.entries), (_NOTHING_LEFT,))
    corrected(definition, draft.carried, log)
    return Imported(definition, tuple(log.entries), check(definition))


class _LeftOutError(ValueError):
    """Why something is not carried over."""


class _Builder:
    def __init__(self, draft: Draft, log: Log) -> None:
        self._draft = draft
        self._log = log
        self._items = item_names(log)
        self._sections = Names(log)
        self._scale_names = Names(log)
        self._targets: dict[str, Target] = {}
        self._characters = 0
        self._lists: dict[str, tuple[list[dict[str, object]], dict[str, str]]] = {}
        self._scales: dict[str, dict[str, object]] = {}
        self._scale_of_list: dict[str, str] = {}
        self._shared = Counter(
            item.options_list
            for section in draft.sections
            for item in section.items
            if item.options_list is not None and not item.multi
        )

    def definition(self) -> dict[str, object]:
        draft = self._draft
        self._title = self._title_of(draft)
        sections = [made for section in draft.sections if (made := self._section(section))]
        definition: dict[str, object] = {
            "schema": "alliance-questionnaire/1",
            "id": _questionnaire_id(draft, self._log),
            "version": self._version(),
            "languages": list(draft.languages),
            "default_language": draft.default_language,
            "title": self._title,
        }
        definition |= self._said("intro", draft.intro) | self._said("debrief", draft.debrief)
        if self._scales:
            definition["scales"] = self._scales
        return definition | {"sections": sections}

    def _title_of(self, draft: Draft) -> _Text:
        spare = draft.name or "Questionnaire"
        try:
            return self._text(draft.title, "settings", spare=spare)
        except _LeftOutError as reason:
            self._log.changed("settings", f'the title: {reason}: "{shortened(spare)}" stands there')
            return dict.fromkeys(draft.languages, shortened(spare))

    def _version(self) -> str:
        if _VERSION.match(self._draft.version):
            return self._draft.version
        if self._draft.version:
            self._log.changed("settings", f'the version "{shortened(self._draft.version)}" became 1.0.0')
        return "1.0.0"

    def _said(self, name: str, labels: Labels, place: str = "questionnaire") -> dict[str, object]:
        """A text that may be missing, under its name."""
        if not any(labels.values()):
            return {}
        try:
            return {name: self._text(labels, place)}
        except _LeftOutError as reason:
            self._log.left_out(place, f"its {name}: {reason}")
            return {}

    def _text(self, labels: Labels, place: str, spare: str = "") -> _Text:
        for text in labels.values():
            if quoted := self._draft.quoting.search(text):
                raise _LeftOutError(
                    f'its text quotes an answer or a value: "{shortened(quoted.group(), 40)}"'
                )
        try:
            made = plain_in_all(labels, place, self._log)
        except TextError as error:
            raise _LeftOutError(str(error)) from error
        if not made and not spare:
            raise _LeftOutError("it has no text")
        return self._in_all_languages(made, place, spare)

    def _in_all_languages(self, made: _Text, place: str, spare: str) -> _Text:
        draft = self._draft
        stand_in = made.get(draft.default_language) or next(iter(made.values()), spare)
        for language in draft.languages:
            if language not in made and made:
                self._log.changed(
                    place, f'there is no text in "{language}": the "{_first(made, draft)}" one stands there'
                )
        return {language: made.get(language, stand_in) for language in draft.languages}

    # ── sections ───────────────────────────────────────────────────────────────────────────────────────

    def _section(self, section: DraftSection) -> dict[str, object] | None:
        try:
            condition = self._condition((section.condition,), section.place)
        except _LeftOutError as reason:
            self._log.left_out(section.place, f"the section and all in it: {reason}")
            return None
        items = [made for item in section.items if (made := self._item(item))]
        if not items:
            return None
        shown: dict[str, object] = {
            "id": self._name("section", section.name, section.place, self._sections),
            "title": self._heading(section),
        }
        shown |= self._said("intro", section.intro, section.place)
        if section.matrix and any(item["type"] == "scale" for item in items):
            shown["layout"] = "matrix"
        return shown | condition | {"items": items}

    def _heading(self, section: DraftSection) -> _Text:
        try:
            if any(section.labels.values()):
                return self._text(section.labels, section.place)
            reason = "it has no heading"
        except _LeftOutError as error:
            reason = f"its heading: {error}"
        self._log.changed(section.place, f"{reason}: the questionnaire's title stands there")
        return self._title

    def _name(self, kind: str, name: str, place: str, names: Names) -> str:
        meant = self._draft.carried.names.get(f"{kind}/{name}")
        return names.legal(meant or name, place, kind)

    # ── items ──────────────────────────────────────────────────────────────────────────────────────────

    def _item(self, item: DraftItem) -> dict[str, object] | None:
        try:
            return self._made(item)
        except _LeftOutError as reason:
            self._log.left_out(item.place, f'question "{shortened(item.name)}": {reason}')
            return None

    def _made(self, item: DraftItem) -> dict[str, object]:
        text = self._text(item.labels, item.place)
        condition = self._condition(item.conditions, item.place, item.only_if)
        options, codes = self._options(item)
        name = self._name("item", item.name, item.place, self._items)
        made: dict[str, object] = {"id": name, "type": "multi" if item.multi else "single"}
        made |= {"construct": f"own.{name}", "text": text} | self._said("hint", item.hints, item.place)
        made |= self._answered_by(item, options, codes) | condition
        self._remember(item, name, codes)
        self._log.carried(item.place, f'question "{name}" with {len(options)} options')
        return made

    def _answered_by(
        self, item: DraftItem, options: list[dict[str, object]], codes: Mapping[str, str]
    ) -> dict[str, object]:
        if item.multi:
            exclusive = {codes[name] for name in item.exclusive if name in codes}
            marked = [o | {"exclusive": True} if o["code"] in exclusive else o for o in options]
            answered: dict[str, object] = {"options": marked}
            return answered if item.max_choices is None else answered | {"max_choices": item.max_choices}
        shared = item.options_list is not None and self._shared[item.options_list] > 1
        if item.options_list is not None and (shared or item.on_scale):
            return {"type": "scale", "scale": self._scale(item.options_list, item.place, options)}
        return {"options": options}

    def _scale(self, options_list: str, place: str, options: list[dict[str, object]]) -> str:
        if options_list not in self._scale_of_list:
            name = self._name("scale", options_list, place, self._scale_names)
            self._scale_of_list[options_list] = name
            self._scales[name] = {"options": options}
        return self._scale_of_list[options_list]

    def _remember(self, item: DraftItem, name: str, codes: Mapping[str, str]) -> None:
        target = Target(name, item.multi, codes)
        for alias, option in item.aliases.items():
            if option is None:
                self._targets[alias] = target
            elif option in codes:
                self._targets[alias] = replace(target, option=codes[option])

    def _options(self, item: DraftItem) -> tuple[list[dict[str, object]], dict[str, str]]:
        if len(item.options) > MOST_OPTIONS:
            raise _LeftOutError(f"it has {len(item.options)} options, and may have {MOST_OPTIONS}")
        if item.options_list is None:
            return self._new_options(item.options, item.name)
        if item.options_list not in self._lists:
            self._lists[item.options_list] = self._new_options(item.options, item.options_list)
        return self._lists[item.options_list]

    def _new_options(
        self, options: tuple[DraftOption, ...], within: str
    ) -> tuple[list[dict[str, object]], dict[str, str]]:
        names, codes = option_names(self._log), dict[str, str]()
        made: list[dict[str, object]] = []
        for option in options:
            if option.name in codes:
                self._log.left_out(
                    option.place, f'a second option "{shortened(option.name)}": the first stands'
                )
                continue
            code = self._name(f"option/{within}", option.name, option.place, names)
            codes[option.name] = code
            made.append({"code": code, "label": self._text(option.labels, option.place, spare=option.name)})
        if len(made) <= 1:
            raise _LeftOutError("there are not two options to choose between")
        return made, codes

    # ── conditions ─────────────────────────────────────────────────────────────────────────────────────

    def _condition(
        self, sources: tuple[str, ...], place: str, only_if: tuple[str, str] | None = None
    ) -> dict[str, object]:
        parts = [self._understood(source) for source in sources if source.strip()]
        if only_if is not None:
            parts.insert(0, self._chosen_before(*only_if))
        if not parts:
            return {}
        self._log.changed_once(place, _UNREAD)
        return {"show_if": parts[0] if len(parts) == 1 else {"all": parts}}

    def _understood(self, source: str) -> Plain:
        self._characters += len(source)
        if self._characters > MOST_CHARACTERS:
            refuse(
                "questionnaire",
                f"its conditions have over {MOST_CHARACTERS} characters",
                "Split the questionnaire.",
            )
        try:
            return condition_of(parsed(source, self._draft.dialect), self._resolve)
        except ExpressionError as error:
            raise _LeftOutError(
                f'its condition "{shortened(source)}" is not understood at "{shortened(error.part)}"'
            ) from error

    def _chosen_before(self, name: str, option: str) -> Plain:
        target = self._resolve(name)
        if target is None or option not in target.codes or target.multi:
            raise _LeftOutError(f'its choices are filtered by "{shortened(name)}", which did not come along')
        return {"items": [target.item], "in": [target.codes[option]]}

    def _resolve(self, name: str) -> Target | None:
        return self._targets.get(self._draft.plain_name(name))


def _first(made: Mapping[str, str], draft: Draft) -> str:
    return draft.default_language if draft.default_language in made else next(iter(made))


def _questionnaire_id(draft: Draft, log: Log) -> str:
    name = draft.carried.names.get("questionnaire", draft.name)
    return (
        name if _QUESTIONNAIRE_ID.match(name) else Names(log).legal(draft.name, "settings", "questionnaire")
    )
