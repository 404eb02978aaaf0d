"""The reader of pages sees what it is there to see."""

import pytest
from html5lib.html5parser import ParseError

from tests.pages import Page

GOOD = """<!doctype html><html lang="en"><head><title>{title}</title>{head}</head>
<body><main id="main" tabindex="-1"><h1>Sign in</h1>{body}</main></body></html>"""


def page(*, title: str = "Sign in – Tillid", head: str = "", body: str = "") -> Page:
    return Page.parsed(GOOD.format(title=title, head=head, body=body))


def test_a_good_page_has_no_faults() -> None:
    good = page(
        title="Error: Sign in – Tillid",
        head='<link rel="stylesheet" href="/static/site.css"><script type="application/json">{}</script>',
        body='<label for="a">A</label><input id="a"><input type="hidden" name="b"><a href="#a">A</a>',
    )

    assert good.faults() == []


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ({"title": "Another"}, "the title"),
        ({"body": "<h1>Two</h1>"}, "2 first headings"),
        ({"body": '<p id="main"></p>'}, "two elements have the id main"),
        ({"body": '<input id="a">'}, "nothing labels the field"),
        ({"body": "<script>alert()</script>"}, "code stands in the page"),
        ({"body": '<p style="color: red"></p>'}, "code stands in the page"),
        ({"body": '<p onclick="x()"></p>'}, "code stands in the page"),
        ({"head": '<script src="https://example.org/x.js"></script>'}, "loaded from elsewhere"),
        ({"head": '<link rel="stylesheet" href="//example.org/x.css">'}, "loaded from elsewhere"),
        ({"body": '<a href="#nowhere">x</a>'}, "a link leads nowhere"),
    ],
)
def test_each_fault_is_named(part: dict[str, str], fault: str) -> None:
    assert [found for found in page(**part).faults() if found.startswith(fault)]


def test_what_a_browser_would_have_to_mend_is_refused() -> None:
    with pytest.raises(ParseError):
        page(body="<p><div></p></div>")


def test_a_page_without_language_or_main_content_is_at_fault() -> None:
    bare = Page.parsed("<!doctype html><html><head><title>x</title></head><body><h1>x</h1></body></html>")

    assert bare.faults() == ["the page says no language", "no main content to skip to"]
