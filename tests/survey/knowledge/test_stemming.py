"""Words are found however they are bent, and however æ, ø and å are typed."""

import pytest

from survey.knowledge.stemming import folded, stems, stems_of, words


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("krænkelse", "krænkende handlinger"),
        ("kraenkelser", "KRÆNKENDE"),
        ("raadgivning", "rådgivningen"),
        ("köb", "købet"),
        ("harassment", "harassments"),
        ("chikane", "sexchikanen"),
        ("værktøj", "dialogværktøjer"),
        ("lærer", "lærerne"),
    ],
)
def test_a_word_is_found_in_another_shape(typed: str, written: str) -> None:
    assert stems(typed) & stems_of(written)


def test_words_that_say_nothing_are_passed_over() -> None:
    assert list(words("Hvad er det, og hvem er the?")) == []


def test_letters_of_one_country_are_written_by_others() -> None:
    assert folded("blåbærgrød é") == "blaabaergroed e"


def test_a_word_of_any_length_fits_its_column() -> None:
    assert all(len(stem) <= 40 for stem in stems_of("æ" * 500 + " " + "x" * 500))
