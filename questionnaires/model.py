"""
A questionnaire as a value: what is asked, in which order, of whom, and how answers are counted.

First in the flow: `questionnaires/loading.py` makes these values from a definition file,
`questionnaires/checking.py` holds them to the rules that a shape cannot say, and everything later takes a
`Questionnaire` that has passed both. docs/reference/questionnaires.md describes every field.
A default never changes its meaning: fields at their default are left out of what is hashed
(`questionnaires/digest.py`), so another meaning would change a published definition unseen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    RootModel,
    StrictBool,
    StrictInt,
    StringConstraints,
    Tag,
    model_validator,
)

from questionnaires.errors import UnknownNameError

QuestionnaireId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,63}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Version = Annotated[str, StringConstraints(pattern=r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
ShortName = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class OptionKind(StrEnum):
    """
    What choosing an option says: something about the matter, or one of the ways of not saying it.

    `NO_ANSWER`, `DONT_KNOW` and `NOT_APPLICABLE` are counted with those who left the item blank;
    `UNSURE` ("I am not sure") is an answer of its own and is counted by itself.
    """

    SUBSTANTIVE = "substantive"
    NO_ANSWER = "no_answer"
    DONT_KNOW = "dont_know"
    UNSURE = "unsure"
    NOT_APPLICABLE = "not_applicable"

    @property
    def is_missing(self) -> bool:
        """Whether tables count this kind as no answer."""
        return self in _MISSING_KINDS


_MISSING_KINDS = frozenset({OptionKind.NO_ANSWER, OptionKind.DONT_KNOW, OptionKind.NOT_APPLICABLE})


class ItemType(StrEnum):
    """How an item is answered. `TEXT` can be imported, never fielded: free text gives people away."""

    SINGLE = "single"
    MULTI = "multi"
    SCALE = "scale"
    NUMBER = "number"
    TEXT = "text"


class Layout(StrEnum):
    """How a section shows its items: one after the other, or its scale items as rows of one table."""

    LIST = "list"
    MATRIX = "matrix"


class Area(StrEnum):
    """The part of society a questionnaire is for."""

    LABOUR_MARKET = "labour_market"
    EDUCATION = "education"
    CULTURE_LEISURE = "culture_leisure"


class Tone(StrEnum):
    """Whether what an option tells is good or bad news for the one who answers."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


class _Value(BaseModel):
    """What all values here share: they cannot be changed, and an unknown field is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False)


class Text(RootModel[Mapping[Language, Words]]):
    """
    One text in every language of the questionnaire: `text["da"]`.

    A language that is missing raises `KeyError`; a loaded questionnaire has all of its languages everywhere.
    """

    model_config = ConfigDict(frozen=True)

    def __getitem__(self, language: str) -> str:
        return self.root[language]

    def __contains__(self, language: object) -> bool:
        return language in self.root

    def __hash__(self) -> int:
        return hash(frozenset(self.root.items()))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it is written in, in the definition's order."""
        return tuple(self.root)


class Band(_Value):
    """Whole numbers from `least` to `most`, both included; open at the end that is not given."""

    least: StrictInt | None = None
    most: StrictInt | None = None

    def __contains__(self, number: object) -> bool:
        return (
            isinstance(number, int)
            and (self.least is None or number >= self.least)
            and (self.most is None or number <= self.most)
        )


class Option(_Value):
    """
    One choice of an item or of a response scale.

    Attributes:
        code: Stable name, unique within its item; what a CSV and a release call it.
        value: Points for an index, 0 to 100 or a small count; only for what is substantive.
        exclusive: In a `multi` item, cannot be chosen together with any other.
        group: Options of one group are counted together in a profile (who did it, who was told).
        active: Tells that a witness did something about it.
        band: In a `number` item, the numbers this option stands for. Only the option is ever sent.
        merge_when_small: In a breakdown, the option of a missing kind that this one is kept with, never
            shown, when groups are small.
    """

    code: Code
    label: Text
    kind: OptionKind = OptionKind.SUBSTANTIVE
    value: StrictInt | None = None
    exclusive: StrictBool = False
    group: Identifier | None = None
    active: StrictBool = False
    tone: Tone | None = None
    band: Band | None = None
    merge_when_small: Code | None = None


class Group(_Value):
    """Codes that are counted as one in a table or a breakdown."""

    id: Code
    label: Text
    codes: Annotated[tuple[Code, ...], Field(min_length=1)]


class ResponseScale(_Value):
    """
    Ordered options that several items share, and how they are grouped in tables.

    A list of options alone is read as a scale without a grouping.
    """

    options: Annotated[tuple[Option, ...], Field(min_length=2)]
    grouping: tuple[Group, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _may_be_a_list(cls, value: object) -> object:
        return {"options": value} if isinstance(value, list) else value


class TestKind(StrEnum):
    """What a condition asks of the answer to an item."""

    __test__ = False  # the name begins as pytest's classes do

    IN = "in"
    INCLUDES_ANY = "includes_any"
    INCLUDES_NONE = "includes_none"
    ANSWERED = "answered"


class AllOf(_Value):
    """True when every part is."""

    all: Annotated[tuple[Condition, ...], Field(min_length=1)]


class AnyOf(_Value):
    """True when at least one part is."""

    any: Annotated[tuple[Condition, ...], Field(min_length=1)]


class Not(_Value):
    """True when the part is known to be false."""

    part: Condition = Field(alias="not")


class Ref(_Value):
    """A condition of the questionnaire by its name."""

    ref: Identifier


class ItemTest(_Value):
    """
    A question to the answers given to one or more items.

    With several items: `in`, `includes_any` and `answered` ask whether it holds for *any* of them,
    `includes_none` whether it holds for *all*. Exactly one of the four is given.
    """

    items: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    is_in: tuple[Code, ...] | None = Field(default=None, alias="in", min_length=1)
    includes_any: Annotated[tuple[Code, ...], Field(min_length=1)] | None = None
    includes_none: Annotated[tuple[Code, ...], Field(min_length=1)] | None = None
    answered: Literal[True] | None = None

    @model_validator(mode="after")
    def _has_exactly_one_question(self) -> Self:
        given = [test for test in (self.is_in, self.includes_any, self.includes_none, self.answered) if test]
        if len(given) != 1:
            raise ValueError("a test has exactly one of in, includes_any, includes_none, answered")
        return self

    @property
    def kind(self) -> TestKind:
        """Which of the four questions is asked."""
        if self.answered:
            return TestKind.ANSWERED
        if self.is_in:
            return TestKind.IN
        return TestKind.INCLUDES_ANY if self.includes_any else TestKind.INCLUDES_NONE

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes asked about; empty for `answered`."""
        return self.is_in or self.includes_any or self.includes_none or ()


def _kind_of_condition(value: object) -> str | None:
    if isinstance(value, Mapping):
        return next((name for name in ("all", "any", "not", "ref", "items") if name in value), None)
    return _KINDS_OF_CONDITION.get(type(value))


def _by_name(value: object) -> object:
    return {"ref": value} if isinstance(value, str) else value


Condition = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Ref, Tag("ref")]
    | Annotated[ItemTest, Tag("items")],
    Discriminator(
        _kind_of_condition,
        custom_error_type="condition",
        custom_error_message="a condition is one of all, any, not, ref, or a test with items",
    ),
    BeforeValidator(_by_name),
]
"""When something is asked; the bare name of a condition is read as a `ref` to it."""

_KINDS_OF_CONDITION: Mapping[type, str] = {
    AllOf: "all",
    AnyOf: "any",
    Not: "not",
    Ref: "ref",
    ItemTest: "items",
}


class Item(_Value):
    """
    One question, or one row of a matrix.

    Attributes:
        id: Stable over versions and questionnaires: the same id is the same construct everywhere.
        measures: The construct it measures, `dotted.from.wide.to.narrow`; `construct` in the file.
        scale: The response scale whose options it has; else `options` are its own.
        sensitive: Asked only when its conditions are known to be true; protected as exposure is.
        reverse: Agreeing is unfavourable; groupings and values are turned.
        breakdown: Results may be shown by it.
        core, ambient, severe: Marks that the indicators read.
        max_choices: Most options that can be chosen in a `multi` item.
        grouping: How its own options are counted together; a scale brings its own.
        ladder: For a breakdown, coarser and coarser groups to fall back on; `Questionnaire.ladder_of` begins
            it with the options by themselves. Codes in none of a rung's groups are never shown on that rung.
    """

    id: Identifier
    type: ItemType
    measures: ShortName = Field(alias="construct")
    text: Text
    hint: Text | None = None
    scale: Identifier | None = None
    options: tuple[Option, ...] = ()
    show_if: Condition | None = None
    sensitive: StrictBool = False
    content_warning: StrictBool = False
    reverse: StrictBool = False
    breakdown: StrictBool = False
    core: StrictBool = False
    ambient: StrictBool = False
    severe: StrictBool = False
    max_choices: Annotated[StrictInt, Field(ge=1)] | None = None
    grouping: tuple[Group, ...] = ()
    ladder: tuple[Annotated[tuple[Group, ...], Field(min_length=1)], ...] = ()
    cites: tuple[ShortName, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _says_nothing_beside_others(cls, value: object) -> object:
        """In a `multi` item an option of a missing kind is exclusive, whether or not its author says so."""
        if not isinstance(value, Mapping) or value.get("type") != ItemType.MULTI:
            return value
        options = value.get("options")
        if not isinstance(options, list):
            return value
        return {**value, "options": [_exclusive_if_missing(option) for option in options]}


def _exclusive_if_missing(option: object) -> object:
    if isinstance(option, Mapping) and option.get("kind") in list(_MISSING_KINDS):
        return {"exclusive": True, **option}
    return option


class Section(_Value):
    """
    One topic, shown on one page.

    Attributes:
        content_warning: A warning stands before it; nothing in it is asked unless known to be meant.
        show_help: The help lines stand beside it.
        skippable: The respondent may pass it by as a whole.
    """

    id: Identifier
    title: Text
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    intro: Text | None = None
    layout: Layout = Layout.LIST
    show_if: Condition | None = None
    sensitive: StrictBool = False
    content_warning: StrictBool = False
    show_help: StrictBool = False
    skippable: StrictBool = False
    randomise: StrictBool = False


class HelpLine(_Value):
    """Somebody to talk to, shown beside what may hurt and at the end."""

    id: Identifier
    name: Text
    audience: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    phone: ShortName | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https://[^\s\"'<>]+$")] | None = None
    anonymous: StrictBool = False
    verify_before_release: StrictBool = False


class Rules(_Value):
    """What holds for the whole questionnaire; `questionnaires/checking.py` knows the only safe values."""

    all_questions_optional: StrictBool = True
    free_text_allowed: StrictBool = False
    show_progress: StrictBool = True
    quick_exit: StrictBool = True
    max_breakdowns_crossed: StrictInt = 1
    breakdown_items: tuple[Identifier, ...] = ()


class Questionnaire(_Value):
    """
    The instrument: one immutable version of what is asked, in every language.

    Attributes:
        caution: What whoever fields it must know of it, as that it is not cognitively tested.
        conditions: Conditions by name; `show_if` refers to them.
        core_behaviour_items: The acts that exposure is counted from.
        subscales: Items that are counted or averaged together, by name.
        left_out: Items of the definition that this wave does not ask. Conditions may still name them:
            an item that is not there is unanswered.
    """

    schema_name: Literal["alliance-questionnaire/1"] = Field(alias="schema")
    id: QuestionnaireId
    version: Version
    status: ShortName | None = None
    caution: Text | None = None
    licence: ShortName | None = None
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    default_language: Language
    area: Area | None = None
    title: Text
    audience: Text | None = None
    min_age: StrictInt | None = None
    estimated_minutes: tuple[StrictInt, StrictInt] | None = None
    reference_period_months: StrictInt | None = None
    rules: Rules = Rules()
    intro: Text | None = None
    debrief: Text | None = None
    help_lines: tuple[HelpLine, ...] = ()
    scales: Mapping[Identifier, ResponseScale] = Field(default_factory=dict)
    conditions: Mapping[Identifier, Condition] = Field(default_factory=dict)
    core_behaviour_items: tuple[Identifier, ...] = ()
    subscales: Mapping[Identifier, tuple[Identifier, ...]] = Field(default_factory=dict)
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    left_out: tuple[Identifier, ...] = ()

    def __hash__(self) -> int:
        return hash((self.id, self.version, len(self.items)))

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """All items in the definition's order: the order of a response's plaintext."""
        return tuple(item for section in self.sections for item in section.items)

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Item id → its place in `items`."""
        return {item.id: position for position, item in enumerate(self.items)}

    @cached_property
    def _sections_by_item(self) -> Mapping[str, Section]:
        return {item.id: section for section in self.sections for item in section.items}

    def item(self, item_id: str) -> Item:
        """
        The item of that id.

        Raises:
            UnknownNameError: If the questionnaire has no such item.
        """
        if item_id not in self.positions:
            raise UnknownNameError(f'{self.id}: there is no item "{item_id}"')
        return self.items[self.positions[item_id]]

    def section_of(self, item_id: str) -> Section:
        """
        The section an item stands in.

        Raises:
            UnknownNameError: If the questionnaire has no such item.
        """
        return self._sections_by_item[self.item(item_id).id]

    def options_of(self, item: Item) -> tuple[Option, ...]:
        """
        What can be chosen, in order: the item's own options, or its scale's. Empty for `text`.

        Raises:
            UnknownNameError: If the item's scale is not one of the questionnaire's.
        """
        return item.options if item.scale is None else self._scale_of(item).options

    def grouping_of(self, item: Item) -> tuple[Group, ...]:
        """
        How tables count the item's options: the declared grouping, else each answer by itself.

        The missing kinds are in no group: they become `no_answer`. For a `reverse` item the groups are
        turned, so that "favourable" holds those who disagree. For `multi` the groups may overlap in people.
        """
        declared = item.grouping if item.scale is None else self._scale_of(item).grouping
        if not declared:
            return self.separately(item)
        return _turned(declared) if item.reverse else declared

    def separately(self, item: Item) -> tuple[Group, ...]:
        """Each option of the item as a group of its own, in order, without the missing kinds."""
        return tuple(
            Group(id=option.code, label=option.label, codes=(option.code,))
            for option in self.options_of(item)
            if not option.kind.is_missing
        )

    def ladder_of(self, item: Item) -> tuple[tuple[Group, ...], ...]:
        """Rungs of groups to break down by, from each option by itself to the coarsest merger declared."""
        finest = self.separately(item)
        small = {option.code for option in self.options_of(item) if option.merge_when_small is not None}
        kept = tuple(group for group in finest if group.id not in small)
        return (finest, *((kept,) if small else ()), *item.ladder)

    def with_sections(self, section_ids: Collection[str]) -> Questionnaire:
        """
        The questionnaire of a wave that asks these sections only, each whole, in the definition's order.

        What is left out is unanswered for every condition; lists that name items keep those that are asked,
        and a subscale that would lose an item is dropped, since it would measure something else.

        Raises:
            UnknownNameError: If a section is not one of the questionnaire's, or none is chosen.
        """
        unknown = set(section_ids) - {section.id for section in self.sections}
        if unknown or not section_ids:
            raise UnknownNameError(
                f"{self.id}: there is no section {', '.join(sorted(unknown)) or 'to ask'};"
                f" choose among {', '.join(section.id for section in self.sections)}"
            )
        sections = tuple(section for section in self.sections if section.id in section_ids)
        asked = [item.id for section in sections for item in section.items]
        # Rebuilt rather than copied: a copy would carry the cached items of the whole with it.
        return Questionnaire.model_validate(self._fields() | self._only(asked) | {"sections": sections})

    def _fields(self) -> dict[str, object]:
        return {field.alias or name: getattr(self, name) for name, field in type(self).model_fields.items()}

    def _only(self, asked: Collection[str]) -> dict[str, object]:
        breakdowns = tuple(item_id for item_id in self.rules.breakdown_items if item_id in asked)
        return {
            "left_out": (*self.left_out, *(item.id for item in self.items if item.id not in asked)),
            "core_behaviour_items": tuple(i for i in self.core_behaviour_items if i in asked),
            "subscales": {
                name: item_ids
                for name, item_ids in self.subscales.items()
                if all(item_id in asked for item_id in item_ids)
            },
            "rules": self.rules.model_copy(update={"breakdown_items": breakdowns}),
        }

    def _scale_of(self, item: Item) -> ResponseScale:
        if item.scale is None or item.scale not in self.scales:
            raise UnknownNameError(f'{self.id}: item "{item.id}" is on "{item.scale}", which is no scale')
        return self.scales[item.scale]


def _turned(grouping: tuple[Group, ...]) -> tuple[Group, ...]:
    opposite = reversed(grouping)
    return tuple(
        Group(id=group.id, label=group.label, codes=other.codes)
        for group, other in zip(grouping, opposite, strict=True)
    )
