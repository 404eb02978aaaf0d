"""The library leads where it says, and tells nobody who follows."""

import pytest

from survey.people.links import LinkError, one_link


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        (" https://AT.dk/a ", "https://at.dk/a"),
        ("https://at.dk/a?id=3&utm_source=x&fbclid=y", "https://at.dk/a?id=3"),
        ("https://at.dk/a?id=3&q=a+b", "https://at.dk/a?id=3&q=a+b"),
        ("https://dingrænse.dk", "https://dingrænse.dk"),
        ("http://at.dk:8080/#x", "http://at.dk:8080/#x"),
    ],
)
def test_an_address_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert one_link(typed) == kept


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("javascript:alert(1)", "form"),
        ("data:text/html,x", "form"),
        ("at.dk", "form"),
        ("https://localhost/", "form"),
        ("https://127.0.0.1/", "form"),
        ("https://[::1]/", "form"),
        ("https://0x7f.1/", "form"),
        ("https://at.dk:port/", "form"),
        ("https://at.dk/a b", "form"),
        ("https://at.dk/\u202ekd", "form"),
        ('https://at.dk/"onclick=', "form"),
        ("https://at.dk@evil.example/", "disguise"),
        ("https://аt.dk/", "disguise"),  # noqa: RUF001  A Cyrillic a, which is the point.
        ("https://bit.ly/abc", "shortened"),
        ("https://www.bit.ly/abc", "shortened"),
        (f"https://at.dk/{'a' * 600}", "long"),
    ],
)
def test_an_address_that_hides_something_is_refused(typed: str, fault: str) -> None:
    with pytest.raises(LinkError) as refused:
        one_link(typed)

    assert refused.value.fault == fault
