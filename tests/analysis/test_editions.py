"""Editions: which figures there are, what stands, and that no earlier edition leads into an organisation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from random import Random  # noqa: TID251  invented organisations, the same every time

import pytest

from analysis.contributions import IndicatorTotal
from analysis.edition import Edition, EditionError, Where, from_bytes, to_bytes
from analysis.editions import Contributor, Made, Told, made_edition, size_band
from policy import POOLING
from tests.editions import as_edition

ALL = Where(year=2026)
WORK = Where(year=2026, area="labour_market")
INDUSTRY = Where(year=2026, area="labour_market", sector="DB07/3/C")


def given(number: int, **belongs: object) -> Contributor:
    """An organisation of some sixty people, a tenth of whom say yes."""
    total = IndicatorTotal("exposed", ("yes", "no"), (5 * (number % 3), 45 + 5 * (number % 2)))
    place = Contributor(
        f"wave{number}", f"organisation{number}", 2026, "labour_market", "DB07/3/C", "50_249",
        60 + number % 4, {"exposed": total},
    )  # fmt: skip
    return replace(place, **belongs)  # type: ignore[arg-type]


def some(numbers: Iterable[int], **belongs: object) -> list[Contributor]:
    return [given(number, **belongs) for number in numbers]


def places(made: Made) -> set[Where]:
    return {told.figure.where for told in made.told}


def test_a_sector_of_five_is_told_with_how_many_it_is_over() -> None:
    made = made_edition(1, some(range(5)), [])
    figure = next(told.figure for told in made.told if told.figure.where == ALL)

    assert (figure.organisations, figure.respondents, figure.edition) == (5, 306, 1)
    assert [answer.id for answer in figure.answers] == ["yes", "no"]
    assert sum(answer.estimate for answer in figure.answers) == pytest.approx(1_000, abs=1)
    assert all(answer.lower <= answer.estimate <= answer.upper for answer in figure.answers)


def test_four_are_not_told_and_the_reason_is_said_without_their_answers() -> None:
    made = made_edition(1, some(range(4)), [])

    assert made.told == ()
    assert {each.objection for each in made.withheld} == {"too_few_organisations"}


def test_an_industry_is_withheld_where_the_rest_of_its_area_would_follow() -> None:
    members = some(range(8)) + some(range(8, 10), sector="DB07/3/G")
    made = made_edition(1, members, [])

    assert WORK in places(made)
    assert INDUSTRY not in places(made)
    assert "difference" in {each.objection for each in made.withheld if each.where == INDUSTRY}


def test_the_figures_never_decide_what_is_told() -> None:
    members = some(range(8)) + some(range(8, 15), sector="DB07/3/G")
    one = made_edition(1, members, [])
    for counts in ((60, 0), (0, 0)):
        totals = {"exposed": IndicatorTotal("exposed", ("yes", "no"), counts)}
        other = made_edition(1, [replace(each, totals=totals) for each in members], [])
        assert places(one) == places(other)
        assert one.withheld == other.withheld
        assert [told.organisations for told in one.told] == [told.organisations for told in other.told]


def test_a_figure_over_organisations_where_nobody_answered_says_nothing() -> None:
    nobody = {"exposed": IndicatorTotal("exposed", ("yes", "no"), (0, 0))}
    made = made_edition(1, some(range(6), totals=nobody), [])

    assert {told.figure.answers for told in made.told} == {()}


def next_edition(before: Sequence[Told], members: Sequence[Contributor]) -> Told:
    return next(told for told in made_edition(2, members, before).told if told.figure.where == ALL)


@pytest.mark.parametrize("newcomers", [0, 1, 2, 3, 4])
def test_a_few_newcomers_leave_the_figure_as_it_was(newcomers: int) -> None:
    first = made_edition(1, some(range(7)), []).told
    stands = next_edition(first, some(range(7 + newcomers)))

    assert stands.figure.edition == 1
    assert stands.figure.organisations == 7


def test_five_newcomers_are_a_sector_of_their_own_and_make_it_anew() -> None:
    first = made_edition(1, some(range(7)), []).told
    anew = next_edition(first, some(range(12)))

    assert (anew.figure.edition, anew.figure.organisations) == (2, 12)


def test_what_one_organisation_takes_back_stands_until_enough_have_changed() -> None:
    first = made_edition(1, some(range(9)), []).told
    stands = next_edition(first, some(range(8)))

    assert stands.figure.edition == 1
    assert made_edition(2, [], first).told == first


def test_an_edition_differs_from_every_earlier_one_by_enough_and_not_from_the_last_alone() -> None:
    first = made_edition(1, some(range(7)), []).told
    second = made_edition(2, some(range(14)), first).told
    # Over the first seven and one more: far from the second edition, one organisation from the first.
    third = made_edition(3, some([*range(7), 20]), [*first, *second])

    assert next(told for told in third.told if told.figure.where == ALL).figure.edition == 2


def test_years_are_figures_of_their_own() -> None:
    members = some(range(6)) + some(range(6), year=2027)

    assert {where.year for where in places(made_edition(1, members, []))} == {2026, 2027}


def test_an_edition_reads_back_as_it_was_written_and_another_version_is_refused() -> None:
    made = made_edition(1, some(range(6)), [])
    edition = Edition(
        number=1, day="2026-11-01", policy="1", synthetic=True,
        figures=tuple(told.figure for told in made.told), withheld=made.withheld,
    )  # fmt: skip
    content = to_bytes(edition)

    assert from_bytes(content) == edition
    with pytest.raises(EditionError, match="fetch it anew"):
        from_bytes(content.replace(b"tillid-edition/1", b"tillid-edition/9"))


@pytest.mark.parametrize(
    ("people", "band"),
    [(9, "lt10"), (10, "10_49"), (49, "10_49"), (50, "50_249"), (250, "250_999"), (1_000, "1000p")],
)
def test_sizes_are_the_bands_of_the_classification(people: int, band: str) -> None:
    assert size_band(people) == band


def test_the_rule_of_the_tests_is_the_policys() -> None:
    assert (POOLING.organisations, POOLING.changed) == (5, 3)


def test_what_some_questionnaires_do_not_offer_is_counted_as_other_by_name() -> None:
    profile = IndicatorTotal("source", ("peer", "leader", "other"), (10, 20, 5))
    shorter = IndicatorTotal("source", ("leader", "internal", "other"), (20, 10, 5))
    members = [
        *some(range(5), totals={"source": profile}),
        *some(range(5, 10), totals={"source": shorter}, area="education", sector=""),
    ]
    told = {each.figure.where: each.figure for each in made_edition(1, members, []).told}

    assert [(answer.id, answer.estimate) for answer in told[ALL].answers] == [("leader", 571), ("other", 429)]
    assert [answer.id for answer in told[WORK].answers] == ["peer", "leader", "other"]


def answered(random: Random, number: int, year: int, tag: int) -> Contributor:
    """A wave as it may come: of any size, with or without a sector, an index's points, and a third option."""
    people = int(10 ** random.uniform(1, 3.3))
    options = ("yes", "no", "other")[: 2 + number % 2]
    counts = tuple(5 * int(random.random() * people / 15) for _ in options)
    points = 500 * int(sum(counts) * random.uniform(0.2, 0.8) / 5)
    totals = {
        "exposed": IndicatorTotal("exposed", ("yes", "no"), counts[:2]),
        "source": IndicatorTotal("source", options, counts),
        "index": IndicatorTotal("index", options[:2], counts[:2], points),
    }
    names = list(totals)[: 3 if number % 5 else 1]
    return Contributor(
        f"wave{number}/{year}/{tag}", f"organisation{number}", year,
        ("labour_market", "education", "culture_leisure")[number % 3], f"s/1/{number * 7 % 12}" if number % 4
        else "", size_band(people), max(3, people * 2 // 3), {name: totals[name] for name in names},
    )  # fmt: skip


def editions_of(seed: int) -> Iterator[Edition]:
    """Six editions over three years: organisations join, answer anew within a year, and leave."""
    random, given, before = Random(seed), {}, list[Told]()  # noqa: S311  invented
    for number in range(1, 7):
        year = 2024 + number // 3
        for organisation in range(60 + 25 * number):
            drawn = random.random()
            if (organisation, year) not in given or drawn < 0.08:
                given[organisation, year] = answered(random, organisation, year, number)
            elif drawn < 0.1:
                given.pop((organisation, year))
        made = made_edition(number, given.values(), before)
        before += [told for told in made.told if told.figure.edition == number]
        yield as_edition(number, made)


def test_editions_of_a_seed_are_the_same_bytes_however_they_are_computed() -> None:
    """The digest is that of the rules as they were first written, without anything that makes them quick."""
    found = b"".join(to_bytes(edition) for edition in editions_of(1))

    assert sha256(found).hexdigest() == "8137b97b24253809bc756b93f9e00b81dc3ce6432ed913f7af399fc7bb6298a3"
