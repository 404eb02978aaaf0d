"""What the rule for sensitive items costs is told against an optimiser that was truly used."""

from analysis.measures import measures_of
from tests.attacks.organisations import organisation
from tests.attacks.price import price, without_mark


def test_of_the_same_questionnaire_nothing_is_sensitive_and_all_else_is_as_it_was() -> None:
    asked = organisation(25, 8, 0).questionnaire
    plain = without_mark(asked)

    assert any(measure.sensitive for measure in measures_of(asked).values())
    assert not any(measure.sensitive for measure in measures_of(plain).values())
    assert list(measures_of(plain)) == list(measures_of(asked))


def test_the_optimiser_shows_of_some_organisation_what_the_rule_hides() -> None:
    ruled, optimised = price(25, 8, 0)

    assert sum(ruled) == sum(optimised)
    assert optimised.hidden < ruled.hidden
