from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis import findings
from analysis.findings import finding
from analysis.indicators import INDICATORS, GroupsOf, Score
from analysis.wording import WORDINGS
from questionnaires.loading import load
from tests.analysis.strategies import Published, pairs, published
from tests.analysis.test_wording import said
from tests.releases import Bounds, table

WORKPLACE = load(Path("questionnaires/definitions/workplace.yaml"))
CLIMATE = "c01_taken_seriously"
ACT = "b01_degrading_talk"


def exact(*counts: int) -> tuple[Bounds, ...]:
    return tuple((count, count) for count in counts)


def said_of(
    measured: str,
    cells: tuple[Bounds, ...],
    language: str = "da",
    *,
    base: Bounds = (63, 63),
    coarse: bool = True,
    mean: int | None = None,
) -> str:
    made = table(WORKPLACE, measured, cells, base, coarse=coarse, mean=mean)
    return finding(made, made.rows[0], WORKPLACE, language)


def test_a_scale_is_said_by_those_on_its_good_side() -> None:
    assert said_of(CLIMATE, exact(40, 12, 8, 3)) == (
        "Omkring 7 ud af 10 svarer »Delvist enig« eller »Helt enig« (67\u00a0%)."
    )
    assert said_of(CLIMATE, exact(40, 12, 8, 3), "en") == (
        "About 7 in 10 answer “Partly agree” or “Strongly agree” (67%)."
    )


def test_for_a_turned_item_the_good_side_is_to_disagree() -> None:
    assert said_of("c04_must_tolerate_tone", exact(40, 12, 8, 3), "en") == (
        "About 7 in 10 answer “Strongly disagree” or “Partly disagree” (67%)."
    )


def test_options_that_stand_apart_are_taken_together_for_the_sentence() -> None:
    assert said_of(CLIMATE, exact(5, 5, 10, 20, 18, 5), coarse=False) == (
        "Omkring 7 ud af 10 svarer »Delvist enig« eller »Helt enig« (66\u00a0%)."
    )


def test_a_range_is_said_as_a_range() -> None:
    cells = ((30, 44), (5, 14), (5, 14), (5, 14))

    assert said_of(CLIMATE, cells, "en") == ("Between 51 and 82% answer “Partly agree” or “Strongly agree”.")


def test_fewer_than_five_are_not_counted_further() -> None:
    assert said_of(ACT, ((50, 59), (0, 4), (0, 4))) == (
        "Færre end 5 svarer, at det er sket mindst én gang (højst 7\u00a0%)."
    )


def test_low_bands_taken_together_are_said_as_a_share() -> None:
    cells = ((0, 214), (0, 4), (0, 4), (0, 4), (5, 9))

    assert said_of(ACT, cells, "en", base=(214, 214), coarse=False) == (
        "Fewer than 1 in 10 say that it has happened at least once (at most 6%)."
    )


def test_an_act_that_nearly_everyone_met_is_said_as_at_least() -> None:
    assert said_of(ACT, ((0, 4), (59, 63), (0, 4)), "en") == (
        "More than 9 in 10 say that it has happened at least once (at least 93%)."
    )


def test_a_hidden_headline_is_said_to_be_hidden() -> None:
    assert said_of(ACT, ((5, 9), (0, 63), (5, 9))) == (
        "Hvor mange der svarer, at det er sket mindst én gang, er skjult for at beskytte dem, der svarede."
    )


def test_a_table_in_which_nothing_is_shown_says_so() -> None:
    assert said_of(CLIMATE, ((0, 63),) * 4, "en") == "The figures are hidden to protect people."


def test_an_index_is_said_by_its_mean_first() -> None:
    assert said_of("I11_climate_index", exact(30, 18, 10, 5), mean=60) == (
        "Gennemsnittet er omkring 60 ud af 100. Omkring halvdelen ligger på 65 eller mere (52\u00a0%)."
    )


def test_a_mean_is_said_where_the_rest_is_hidden() -> None:
    assert said_of("I11_climate_index", ((0, 63),) * 4, "en", mean=60) == "The mean is about 60 out of 100."


def test_an_indicator_is_said_in_its_own_words() -> None:
    assert said_of("I10_awareness", exact(20, 40, 3)) == (
        "Omkring 3 ud af 10 kender reglerne og ved, hvem de kan gå til (33\u00a0%)."
    )


def test_without_a_good_side_the_most_common_answer_is_said() -> None:
    assert said_of("k02_contact", exact(30, 20, 10, 3)) == (
        "Det hyppigste svar er »Ja, det ved jeg«: 50\u00a0%."
    )


def test_two_answers_that_may_both_be_the_most_common_are_both_named() -> None:
    assert said_of("k02_contact", ((25, 29), (25, 29), (5, 9), (0, 4)), "en") == (
        "The most common answer is “Yes, I do” or “Partly”."
    )


def test_two_answers_that_are_all_there_are_leave_the_most_common_unsaid() -> None:
    assert said_of("k03_trained", ((25, 29), (0, 63), (0, 4)), "en") == (
        "The figures do not settle which answer is the most common."
    )


def test_more_than_two_such_answers_are_not_ranked() -> None:
    assert said_of("k02_contact", ((15, 24), (15, 24), (15, 24), (0, 4)), "en") == (
        "The figures do not settle which answer is the most common."
    )


def test_what_people_chose_most_among_several() -> None:
    cells = ((30, 30), *exact(*[10] * 9), (0, 4))

    assert said_of("n01_needs", cells) == "Flest har valgt »Klarere retningslinjer«: mellem 47 og 51\u00a0%."


def test_the_most_common_answer_has_no_share_where_none_can_be_told() -> None:
    cells = ((5, 14), (0, 4), (0, 4), (0, 14))

    assert (
        said_of("k02_contact", cells, "en", base=(10, 14))
        == "The most common answer is “Yes, I do”: at least 38%."
    )


def test_a_count_is_said_where_its_share_cannot_be() -> None:
    cells = ((0, 14), (0, 9), (0, 14))

    assert said_of(ACT, cells, "en", base=(10, 14)) == "Fewer than 10 say that it has happened at least once."


def test_every_indicator_that_counts_people_has_its_own_words_in_both_languages() -> None:
    named = {each.id for each in INDICATORS if not isinstance(each.rule, Score | GroupsOf)}

    for language in WORDINGS:
        assert set(findings._SENTENCES[language].indicators) == named


def claims_hold(sentence: str, count: int, answered: int) -> bool:
    """Whether everything a sentence says about the headline is true of one table that it may stand for."""
    share = Fraction(count, answered)
    if found := re.search(r"(?:Fewer than|fewer than) (\d+) (?!in 10)", sentence):
        if count >= int(found[1]):
            return False
    elif words := re.match(r"(.*?) (?:answer|say)", sentence):
        plain = words[1].lower()
        if not re.match(r"between|at (least|most)|\d", plain) and not said(plain, share):
            return False
    percent = 100 * share
    checks: list[tuple[str, Callable[..., bool]]] = [
        (r"[Bb]etween (\d+) and (\d+)%", lambda low, high: low <= percent <= high),
        (r"[Aa]t most (\d+)%", lambda most: percent <= most),
        (r"[Aa]t least (\d+)%", lambda least: percent >= least),
        (r"\((\d+)%\)", lambda exactly: abs(percent - exactly) <= Fraction(1, 2)),
    ]
    return all(
        holds(*map(int, found.groups()))
        for pattern, holds in checks
        if (found := re.search(pattern, sentence))
    )


@given(published(2, exact_base=True))
def test_a_sentence_about_an_act_holds_for_every_table_it_may_stand_for(drawn: Published) -> None:
    answered = drawn.asked - drawn.counts[-1]
    assume(answered)

    sentence = said_of(ACT, pairs(drawn.cells), "en", base=drawn.base)

    assert "hidden" in sentence or claims_hold(sentence, drawn.counts[1], answered), sentence


@given(published(5, exact_base=True), st.booleans())
def test_a_sentence_about_a_scale_holds_for_every_table_it_may_stand_for(
    drawn: Published, turned: bool
) -> None:
    answered = drawn.asked - drawn.counts[-1]
    assume(answered)
    measured = "c04_must_tolerate_tone" if turned else CLIMATE

    sentence = said_of(measured, pairs(drawn.cells), "en", base=drawn.base, coarse=False)

    good = sum(drawn.counts[:2]) if turned else sum(drawn.counts[3:5])
    assert "hidden" in sentence or claims_hold(sentence, good, answered), sentence


@given(published(3, exact_base=True))
def test_no_answer_is_called_the_most_common_that_another_may_pass(drawn: Published) -> None:
    sentence = said_of("k02_contact", pairs(drawn.cells), "en", base=drawn.base)

    named = [name in sentence.partition(":")[0] for name in ("“Yes, I do”", "“Partly”", "“No”")]
    if any(named):
        assert any(
            count == max(drawn.counts[:3])
            for count, is_named in zip(drawn.counts, named, strict=False)
            if is_named
        )


@pytest.mark.parametrize("language", sorted(WORDINGS))
def test_a_sentence_begins_large_and_ends(language: str) -> None:
    sentence = said_of(CLIMATE, ((35, 44), (5, 9), (5, 9), (0, 4)), language)

    assert sentence[0].isupper()
    assert sentence.endswith(".")
