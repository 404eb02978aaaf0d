"""What contributors write stands on pages as text, and does nothing."""

import pytest

from survey.knowledge.markup import shown

HARMLESS = {"h3", "h4", "p", "a", "em", "strong", "ul", "ol", "li", "blockquote", "code", "br", "hr"}


@pytest.mark.parametrize(
    "written",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![spor](https://tracker.example/pixel.gif)",
        "![x][1]\n\n[1]: https://tracker.example/pixel.gif",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:msgbox)",
        "<https://at.dk@evil.example/>",
        "<svg><script>1</script></svg>",
        "<iframe src=https://evil.example></iframe>",
        "<style>*{background:url(https://tracker.example)}</style>",
        '<a href="https://at.dk" style="x" onclick="y">z</a>',
        "```html\n<script>1</script>\n```",
    ],
)
def test_nothing_that_was_written_runs_or_calls_elsewhere(written: str) -> None:
    page = shown(written)

    assert "<img" not in page
    assert "<script" not in page
    assert 'href="javascript' not in page.lower()
    assert "evil.example" not in "".join(part.split('"')[0] for part in page.split('href="')[1:])
    assert "<svg" not in page
    assert "<iframe" not in page
    assert "<style" not in page


def test_what_a_text_needs_is_there() -> None:
    assert shown("# Emne\n\n**Fed** og [link](https://at.dk/?utm_source=os)\n\n1. et\n2. to") == (
        "<h3>Emne</h3>\n<p><strong>Fed</strong> og "
        '<a href="https://at.dk/" rel="noopener noreferrer nofollow ugc">link</a></p>\n'
        "<ol>\n<li>et</li>\n<li>to</li>\n</ol>\n"
    )


def test_a_text_of_brackets_takes_no_time() -> None:
    assert "[" in shown("[" * 20_000)
