"""
The numbers of the disclosure control, each with its source; they may be raised for a wave, never lowered.

Source: docs/explanation/disclosure.md, rules R1 and R3. The numbers lie within published practice: Aarhus
University's workplace assessment (general items from 10, offensive behaviour from 40), NFA's online workplace
survey (no crossing), ESSnet and Eurostat's Handbook on Statistical Disclosure Control, chapters 4 and 5, the
reporting floors of Viva Glint, and the GP Patient Survey.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Self


class PolicyError(ValueError):
    """A threshold that may not be set so; the message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Policy:
    """
    The thresholds of one wave.

    Attributes:
        version: Of the rules and their numbers together.
        opening: Responses under which nothing is opened at all.
        open_wave: Responses from which an open wave shows anything.
        general: Base from which climate, awareness, dialogue and needs items are shown.
        all_options: Base from which every option is shown by itself, rather than the scale's grouping.
        sensitive: Base from which exposure, self-label and witness items are shown.
        coercion: Base from which the coercion items and their indicator are shown.
        routed_respondents: Responses from which routed items are shown.
        routed_base: People that a routed item was meant for, from which it is shown.
        detail: Responses from which the indicators and items within an indicator of several sensitive items
            are shown, and from which sensitive tables that are not safe exactly may be shown in bands.
        handling: Responses from which I08 and I09 are shown for one organisation.
        mean: Base from which an index shows its mean.
        threshold: Least count that is ever shown exactly, and the width of the narrowest band.
        raises: Which of them this wave raised, for its release.
    """

    version: str
    opening: int
    open_wave: int
    general: int
    all_options: int
    sensitive: int
    coercion: int
    routed_respondents: int
    routed_base: int
    detail: int
    handling: int
    mean: int
    threshold: int
    raises: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def raised(self, names: Mapping[str, int]) -> Self:
        """
        The policy with some of its numbers raised, as a wave's manifest says.

        Raises:
            PolicyError: If a name is not one of the policy's numbers, or a number no whole one or lower than
                the policy's.
        """
        for name, number in names.items():
            if name not in RAISABLE:
                raise PolicyError(f'policy: there is no number "{name}"; raise one of {", ".join(RAISABLE)}')
            floor = getattr(self, name)
            # A manifest's numbers are whole; whoever calls from Python may bring anything.
            if type(number) is not int:
                raise PolicyError(
                    f"policy: {name} is {number!r:.20}, no whole number; write one from {floor} up"
                )
            if number < floor:
                raise PolicyError(
                    f"policy: {name} is {number}, under {floor}; it may be raised, never lowered"
                )
        numbers = {name: getattr(self, name) for name in RAISABLE} | dict(names)
        return replace(self, raises=MappingProxyType({**self.raises, **names}), **numbers)

    def in_force(self, raised: Mapping[str, int]) -> Self:
        """
        The policy for whoever reads what a wave has promised already.

        What an earlier promise raised and that is not above the policy's own number by now says nothing.
        """
        above = {name: raised[name] for name in RAISABLE if raised.get(name, 0) > getattr(self, name)}
        return self.raised(above)


RAISABLE: Final = (
    "opening",
    "open_wave",
    "general",
    "all_options",
    "sensitive",
    "coercion",
    "routed_respondents",
    "routed_base",
    "detail",
    "handling",
    "mean",
)
"""The numbers that a wave may raise; not the threshold: the ladder's bands mean the same everywhere."""

POLICY: Final = Policy(
    version="policy/1",
    # The general base: what could not be shown is not opened.
    opening=10,
    # Aarhus University's workplace assessment and Viva Glint report general items from 10 respondents.
    general=10,
    # Aarhus University shows offensive behaviour from 40; whoever may answer repeatedly gets no less.
    open_wave=40,
    # Own judgement: 5 options of an item with 200 respondents leave most cells well above the threshold.
    all_options=200,
    # Own judgement, twice the general base; a unit under 20 with one exposed person is too small to speak of.
    sensitive=20,
    # The alliance's indicator definitions: coercion at sector level, or from 100 answers.
    coercion=100,
    # Aarhus University: questions that follow on offensive behaviour from 40 respondents.
    routed_respondents=40,
    # The general base again, for those that the item was meant for.
    routed_base=10,
    # Measured (docs/decisions/0012): under it what is refused tells too much, and nearly all of it is
    # refused.
    detail=200,
    # Own judgement: in an organisation of 200 about 20 to 40 are exposed, and few of them told.
    handling=200,
    # Own judgement: under 20 a mean on a grid of 5 moves by one person's answer.
    mean=20,
    # GP Patient Survey and the SDC Handbook, ch. 4.2: counts under 5 are not shown.
    threshold=5,
)
"""Policy v1."""


@dataclass(frozen=True, slots=True)
class PoolingPolicy:
    """
    What a figure over several organisations is made of at least.

    Attributes:
        organisations: How many with enough respondents each.
        respondents_each: How many answered in each of those.
        respondents: How many answered in all.
        largest_percent: The most that one of them has of all respondents.
        two_largest_percent: The most that two of them have.
        remaining: How many of those are left when one takes itself out.
        changed: How many organisations differ from the last edition, if any does.
    """

    organisations: int
    respondents_each: int
    respondents: int
    largest_percent: int
    two_largest_percent: int
    remaining: int
    changed: int


POOLING_VERSION: Final = "pooling v1"
POOLING: Final = PoolingPolicy(
    # Benchmarks of employee surveys (Viva Glint, Culture Amp) are over five organisations or more.
    organisations=5,
    # The base from which a wave is opened at all.
    respondents_each=10,
    # As coercion in one organisation: the alliance's indicator definitions, sector level or 100 answers.
    respondents=100,
    # SDC Handbook, ch. 4: dominance of one contributor; by respondents, which are public.
    largest_percent=40,
    # SDC Handbook, ch. 4: dominance of two contributors, likewise.
    two_largest_percent=60,
    # Own judgement, one more than a threshold rule of three: each of five can take itself out.
    remaining=4,
    # SDC Handbook, ch. 4, threshold rule of three: no edition tells what one newcomer, or two, brought.
    changed=3,
)
"""Sector figures, policy v1."""


@dataclass(frozen=True, slots=True)
class NoisePolicy:
    """
    What is added to every number that an organisation gives to its sector's figures.

    Attributes:
        likelier: How many times as likely a number is from one count as from the next one, at most.
    """

    likelier: Fraction


NOISE: Final = NoisePolicy(
    # Own judgement. The number given for one answer is at most five times as likely from four who gave it as
    # from none, (3/2)^4, and a variance of 12 is less than that of people in a sector of some size.
    likelier=Fraction(3, 2),
)
"""Contributions to sector figures, policy v1."""


@dataclass(frozen=True, slots=True)
class WavePolicy:
    """
    What lies between two waves of one organisation.

    Attributes:
        months_apart: At least so many from the last day of one to the first of the next.
        turnover_percent: Where more than so many of the later wave's people must have joined since, the two
            are not taken as counts of the same people.
        changed_percent: Of those who stayed, how many at least an intruder must reckon with to have answered
            otherwise; the last person counts whole.
        trend: Base of both from which a change is spoken of.
    """

    months_apart: int
    turnover_percent: int
    changed_percent: int
    trend: int


WAVES: Final = WavePolicy(
    # Own judgement: within half a year few people come and go, so that two waves tell of those who did.
    months_apart=6,
    # Own judgement, on the careful side: even with half of the people new, what they differ by is protected.
    turnover_percent=50,
    # Thorsen and Bjorner 2010 (Scandinavian Journal of Public Health 38, suppl. 3, 25-32): the steadiest of
    # the COPSOQ's scales agrees with itself by .89 after three weeks. Then 15 % cross its middle,
    # 1/2 - arcsin(.89) / pi. After half a year it is more; on the careful side.
    changed_percent=10,
    # The base from which sensitive items are shown.
    trend=20,
)
"""Waves of one organisation, policy v1."""


@dataclass(frozen=True, slots=True)
class Limits:
    """
    How far the search for what may be shown by reporting group goes; where it ends, nothing is proven.

    In steps and sizes, never in seconds: the same responses give the same release on every machine.

    Attributes:
        unknowns: Classes times answers up to which a block's breakdowns are attacked; one with which there
            were more is passed over.
        branched: Unknowns up to which it is branched and bounded, and up to which a cell may be exact.
        outcomes: Ways to count in one block, up to which it is broken down at all.
        attempts: Choices of forms that are attacked, each with what the last attack asked for.
        alternatives: Ways in which a sensitive breakdown could have come out, up to which it is tried at all.
        combined: Combinations of bands of one row's cells, up to which these ways are looked for.
        choice_nodes: Branches of the choice of forms; 0 takes the first good one and its bound.
        witness_nodes: Branches of the search for whole people, for one question.
        simplex_steps: Steps of one linear program.
        swapped: Sets of people that are looked at for swaps, of one number.
    """

    unknowns: int
    branched: int
    outcomes: int
    attempts: int
    alternatives: int
    combined: int
    choice_nodes: int
    witness_nodes: int
    simplex_steps: int
    swapped: int


LIMITS: Final = Limits(
    # Measured (docs/decisions/0055): with more, whole numbers of people are found too seldom and too slowly.
    unknowns=400,
    # Measured: exact counts of several breakdowns hold people so tightly that no witness would be found.
    branched=150,
    # Own judgement: what has more ways to count is left out, not guessed.
    outcomes=64,
    # Own judgement: each attempt costs a choice and an attack.
    attempts=4,
    # Own judgement: each is attacked; what has more ways is of many groups, or of many who met it.
    alternatives=250,
    # Own judgement: some tenths of a second for each row, and far more than 250 ways need.
    combined=50_000,
    # Own judgement: the first good choice; how far from its bound that is stands in docs/measurements/0002.
    choice_nodes=0,
    # Own judgement, kept small: thousands of questions are asked of one release.
    witness_nodes=20,
    # Own judgement: far more than any program of a release needs.
    simplex_steps=200_000,
    # Own judgement: the last ones found were looked for with this number in mind.
    swapped=8,
)
"""Of the roster attacker and of what is chosen against them."""
