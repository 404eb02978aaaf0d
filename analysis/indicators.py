"""
The alliance's fourteen indicators, and two that say more about the first, as data.

What each counts, among whom, and when a response counts at all. Nothing here reads a response:
analysis/coding.py does, by these rules; charts and pages take the names. An indicator is used only where a
questionnaire has all of its items, and a rule names items by their ids, which mean the same everywhere.

Source: the alliance's indicator definitions 0.1.0, after NFA's and COPSOQ's practice of asking about acts and
asking for the name separately (Nielsen et al. 2010, Scandinavian Journal of Psychology 51).
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias

YES: Final = "yes"
NO: Final = "no"

SCORES: Final = tuple(range(0, 101, 5))
"""The grid that a response's score is rounded to: an index shows nothing finer."""

SCORE_GROUPS: Final = MappingProxyType(
    {"favourable": (65, 100), "neutral": (40, 60), "unfavourable": (0, 35)},
)
"""An index in three parts, with the least and the greatest score of each; between them lies nothing."""

_HAPPENED = ("once", "few", "monthly")


class Direction(StrEnum):
    """Which way a figure is good news."""

    LOWER_IS_BETTER = "lower_is_better"
    HIGHER_IS_BETTER = "higher_is_better"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Words:
    """A name in the two languages of the alliance."""

    da: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.da if language == "da" else self.en


@dataclass(frozen=True, slots=True)
class AnyOf:
    """
    Yes, if at least one of the items has one of the codes; no, if none has.

    A response with fewer than `least_valid` substantive answers among the items does not count, whatever it
    says in the others: "prefer not to answer" is never "never".
    """

    items: tuple[str, ...]
    codes: tuple[str, ...]
    least_valid: int


@dataclass(frozen=True, slots=True)
class AllOf:
    """Yes, if every item has its code; no, if all were answered otherwise. "Don't know" is an answer here."""

    codes: MappingProxyType[str, str]

    @property
    def items(self) -> tuple[str, ...]:
        """Ids of the items read."""
        return tuple(self.codes)


@dataclass(frozen=True, slots=True)
class OneOf:
    """The outcome under which the chosen code stands; a code that stands nowhere does not count."""

    item: str
    outcomes: MappingProxyType[str, tuple[str, ...]]

    @property
    def items(self) -> tuple[str, ...]:
        """Ids of the items read."""
        return (self.item,)


@dataclass(frozen=True, slots=True)
class GroupsOf:
    """Every group of options that at least one chosen option belongs to; shares may pass 100 %."""

    item: str

    @property
    def items(self) -> tuple[str, ...]:
        """Ids of the items read."""
        return (self.item,)


@dataclass(frozen=True, slots=True)
class GroupChosen:
    """Yes, if an option of the group was chosen; no, if only others were."""

    item: str
    group: str

    @property
    def items(self) -> tuple[str, ...]:
        """Ids of the items read."""
        return (self.item,)


@dataclass(frozen=True, slots=True)
class Score:
    """
    The mean value of the items' substantive answers, 0 to 100, rounded to the grid.

    Items marked `reverse` count 100 minus their value. Needs `least_valid` substantive answers.
    """

    items: tuple[str, ...]
    least_valid: int


Rule: TypeAlias = AnyOf | AllOf | OneOf | GroupsOf | GroupChosen | Score


@dataclass(frozen=True, slots=True)
class Indicator:
    """
    One figure that means the same in every organisation.

    Attributes:
        id: Its name in plans, releases and benchmarks.
        names: What to call it.
        rule: What a response counts as. Among whom follows from the items: those they were meant for.
        direction: Which way is good news.
        caution: What the figure cannot tell, or None.
    """

    id: str
    names: Words
    rule: Rule
    direction: Direction
    caution: Words | None = None

    @property
    def counts_several(self) -> bool:
        """Whether one person may count in several outcomes: a sector's shares are then of all named."""
        return isinstance(self.rule, GroupsOf)


_GENDER_HARASSMENT = ("b01_degrading_talk", "b02_treated_worse", "b03_sexual_talk", "b04_identity_remarks")
_UNWANTED_ATTENTION = (
    "b05_body_comments",
    "b06_sexlife_questions",
    "b07_staring_gestures",
    "b08_repeated_advances",
    "b09_digital_material",
    "b10_unwanted_touch",
)
_COERCION = ("b11_favours", "b12_pressure_force")
_ACTS = _GENDER_HARASSMENT + _UNWANTED_ATTENTION + _COERCION
# What is said aloud around somebody is not directed at them.
_AMBIENT = frozenset({"b01_degrading_talk", "b03_sexual_talk"})
_DIRECTED = tuple(act for act in _ACTS if act not in _AMBIENT)

INDICATORS: Final[tuple[Indicator, ...]] = (
    Indicator(
        "I11_climate_index",
        Words("Kulturindeks (0–100)", "Climate index (0–100)"),
        Score(
            (
                "c01_taken_seriously",
                "c02_safe_to_tell",
                "c03_consequences_for_all",
                "c04_must_tolerate_tone",
                "c05_some_get_away",
                "c06_peers_step_in",
            ),
            least_valid=4,
        ),
        Direction.HIGHER_IS_BETTER,
    ),
    Indicator(
        "I12_safety_index",
        Words("Psykologisk tryghed (0–100)", "Psychological safety (0–100)"),
        Score(("t01_can_object", "t02_difficult_topics", "t03_be_different"), least_valid=2),
        Direction.HIGHER_IS_BETTER,
    ),
    Indicator(
        "I13_leader_index",
        Words("Ledelsens handling (0–100)", "Leader action (0–100)"),
        Score(("l01_leader_clear", "l02_leader_acts"), least_valid=1),
        Direction.HIGHER_IS_BETTER,
    ),
    Indicator(
        "I10_awareness",
        Words("Kender regler og ved, hvor man kan gå hen", "Knows the rules and where to turn"),
        AllOf(MappingProxyType({"k01_guidelines": "yes_know", "k02_contact": "yes"})),
        Direction.HIGHER_IS_BETTER,
    ),
    Indicator(
        "I14_dialogue_held",
        Words("Har talt om tone og grænser (12 mdr.)", "Has talked about tone and boundaries (12 months)"),
        OneOf("k04_dialogue", MappingProxyType({YES: ("more", "once"), NO: ("no", "dk")})),
        Direction.HIGHER_IS_BETTER,
    ),
    Indicator(
        "I01_exposure_any",
        Words("Oplevet mindst én hændelse (12 mdr.)", "Experienced at least one incident (12 months)"),
        AnyOf(_ACTS, _HAPPENED, least_valid=9),
        Direction.LOWER_IS_BETTER,
        Words(
            "Kan ikke sammenlignes direkte med NFA's tal: de spørger om 21 handlinger i et vægtet"
            " landsdækkende udsnit.",
            "Cannot be compared directly with NFA's figure: that is of 21 acts in a weighted"
            " national sample.",
        ),
    ),
    Indicator(
        "I05_self_labelled",
        Words("Kalder det selv seksuel chikane (12 mdr.)", "Self-labelled sexual harassment (12 months)"),
        OneOf("s01_self_label", MappingProxyType({YES: _HAPPENED, NO: ("no",), "unsure": ("unsure",)})),
        Direction.LOWER_IS_BETTER,
        Words(
            "Sammenlign med, hvor mange der har oplevet mindst én hændelse: forskellen er et fund i sig"
            " selv.",
            "Compare it with how many experienced at least one incident: the gap is a finding in itself.",
        ),
    ),
    Indicator(
        "I06_witnessed",
        Words("Set eller hørt andre blive udsat (12 mdr.)", "Witnessed others being exposed (12 months)"),
        OneOf("w01_witnessed", MappingProxyType({YES: _HAPPENED, NO: ("never",)})),
        Direction.LOWER_IS_BETTER,
    ),
    Indicator(
        "I02_exposure_gender_harassment",
        Words("Kønskrænkende adfærd (12 mdr.)", "Gender harassment (12 months)"),
        AnyOf(_GENDER_HARASSMENT, _HAPPENED, least_valid=3),
        Direction.LOWER_IS_BETTER,
    ),
    Indicator(
        "I03_exposure_unwanted_attention",
        Words("Uønsket seksuel opmærksomhed (12 mdr.)", "Unwanted sexual attention (12 months)"),
        AnyOf(_UNWANTED_ATTENTION, _HAPPENED, least_valid=5),
        Direction.LOWER_IS_BETTER,
    ),
    Indicator(
        "I04_exposure_coercion",
        Words("Seksuel tvang eller bestikkelse (12 mdr.)", "Sexual coercion (12 months)"),
        AnyOf(_COERCION, _HAPPENED, least_valid=2),
        Direction.LOWER_IS_BETTER,
    ),
    Indicator(
        "S01_repeated",
        Words("Oplevet det flere gange (12 mdr.)", "Experienced it more than once (12 months)"),
        AnyOf(_ACTS, ("few", "monthly"), least_valid=9),
        Direction.LOWER_IS_BETTER,
    ),
    Indicator(
        "S02_directed",
        Words("Rettet mod en selv (12 mdr.)", "Directed at oneself (12 months)"),
        AnyOf(_DIRECTED, _HAPPENED, least_valid=8),
        Direction.LOWER_IS_BETTER,
    ),
    Indicator(
        "I07_source_profile",
        Words("Hvem gjorde det", "Who did it"),
        GroupsOf("i01_source"),
        Direction.NEITHER,
        Words("Andelene kan tilsammen passere 100 %.", "The shares may pass 100 % in all."),
    ),
    Indicator(
        "I08_told_formal",
        Words("Fortalte det til en med ansvar", "Told someone in a position of responsibility"),
        GroupChosen("r01_told", "formal"),
        Direction.HIGHER_IS_BETTER,
    ),
    Indicator(
        "I09_handling_score",
        Words("Oplevet håndtering (0–100)", "Perceived handling (0–100)"),
        Score(("r03_handling",), least_valid=1),
        Direction.HIGHER_IS_BETTER,
    ),
)
"""In the order in which a release makes them: what leaders can change first, who was exposed later."""

BY_ID: Final = MappingProxyType({indicator.id: indicator for indicator in INDICATORS})
"""The same by id."""

NEEDS_A_LARGE_ORGANISATION: Final = frozenset({"I08_told_formal", "I09_handling_score"})
"""Shown for a sector, or for an organisation from the policy's `handling` base."""
