"""
Strange requests to every address there is, by everybody: no error of ours, no way out, every header there.

In the manner of schemathesis, whose schema is here the web's own list of addresses.
"""

import io
import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import settings
from werkzeug.test import TestResponse

from survey.site.headers import HEADERS
from tests.attacks.test_scoping import Alliance, routes

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
# What stands for a part of an address: other folders, their spellings, what databases and files choke on.
PARTS = (
    "../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%c0%ae%c0%ae/",
    "a\0b",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "\u202etxt.exe",
    "Å",
    "i\u0307" * 40,
    "' OR 1=1 --",
    "{{7*7}}",
    "<script>",
    "\r\nSet-Cookie: a=b",
    "9" * 400,
    "x" * 3000,
)
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "/o//evil.example/../..",
    "javascript:0",
)
LEADING = ("next", "after", "return_to", "url", "redirect", "lang", "done")
BODIES = (
    (b"", None),
    (b"\x00" * 4096, "application/octet-stream"),
    (b"{" * 4096, "application/json"),
    (b"[" * 4096 + b"]" * 4096, "application/json"),
    ("name=" + quote("\0\u202e" * 200), "application/x-www-form-urlencoded"),
    (b"a=1&" * 3000, "application/x-www-form-urlencoded"),
    (
        b"--x\r\nContent-Disposition: form-data; name=file; filename=../../a\r\n\r\n1\r\n--x--",
        "multipart/form-data; boundary=x",
    ),
    (b"--x", "multipart/form-data"),
    (b"\xff\xfe", "text/plain; charset=nothing"),
)
THOROUGH = 1_000
BY = ("nobody", "trustee_key", "steward", "leader", "secretariat", "operator")
FIRST = 3


def addresses(every_visitor: Alliance) -> Iterator[tuple[str, str]]:
    """Every address, once for each strange part; the visitor's own organisation stays where there is more."""
    for route, method in routes(every_visitor.app):
        names = PARAMETER.findall(route)
        for part in PARTS if names else PARTS[:1]:
            yield filled(every_visitor, route, part), method


def filled(every_visitor: Alliance, route: str, part: str) -> str:
    def written(found: re.Match[str]) -> str:
        if found[1] == "organisation_id" and route.count("<") > 1:
            return every_visitor.own["organisation_id"]
        return quote(part, safe="/%")

    return PARAMETER.sub(written, route)


def check(answer: TestResponse, what: str) -> None:
    assert answer.status_code < 500, what
    for name, value in HEADERS.items():
        assert answer.headers.getlist(name) == [value], what
    assert "evil.example" not in urlsplit(answer.headers.get("Location", "")).netloc, what
    assert not answer.headers.get("Location", "").startswith(("//", "/\\", "javascript")), what
    assert answer.headers.get("Set-Cookie", "a=b").startswith(("tillid", "a=b")), what


@pytest.fixture(params=BY)
def visitor(request: pytest.FixtureRequest, every_visitor: Alliance) -> FlaskClient:
    if BY.index(request.param) >= FIRST and settings().max_examples < THOROUGH:
        pytest.skip("by everybody else with make attacks")
    return every_visitor.visitors[request.param]


@pytest.mark.slow
def test_no_part_of_an_address_breaks_or_leads_anywhere(
    every_visitor: Alliance, visitor: FlaskClient
) -> None:
    for address, method in addresses(every_visitor):
        if "sign-out" not in address:
            check(visitor.open(address, method=method), f"{method} {address!r}")


@pytest.mark.slow
def test_nobody_is_led_elsewhere_by_what_an_address_carries(
    every_visitor: Alliance, visitor: FlaskClient
) -> None:
    for route, method in routes(every_visitor.app):
        address = filled(every_visitor, route, "x")
        if "sign-out" in address:
            continue
        for elsewhere in ELSEWHERE:
            query = dict.fromkeys(LEADING, elsewhere)
            headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
            answer = visitor.open(address, method=method, query_string=query, headers=headers)
            location = answer.headers.get("Location", "")
            assert "evil.example" not in location.partition("?")[0], f"{method} {address}: {location}"
            assert answer.status_code < 500, address


@pytest.mark.slow
def test_no_body_breaks_anything(every_visitor: Alliance, visitor: FlaskClient) -> None:
    for route, method in routes(every_visitor.app):
        address = filled(every_visitor, route, "x")
        if method == "GET" or "sign-out" in address:
            continue
        for body, kind in BODIES:
            answer = visitor.open(address, method=method, data=body, content_type=kind)
            check(answer, f"{method} {address} with {kind} {body[:9]!r}")


def test_a_compressed_body_is_never_unpacked(every_visitor: Alliance) -> None:
    client, wave = every_visitor.visitors["nobody"], every_visitor.own["wave_id"]
    for coding in ("gzip", "deflate", "br", "gzip, gzip"):
        answer = client.post(
            f"/w/{wave}/responses",
            data=b"\x1f\x8b\x08" + bytes(2000),
            content_type="application/octet-stream",
            headers={"Content-Encoding": coding},
        )
        assert answer.status_code in {400, 409}


def test_a_body_without_an_end_is_not_waited_for(every_visitor: Alliance) -> None:
    client, wave = every_visitor.visitors["nobody"], every_visitor.own["wave_id"]
    endless = io.BytesIO(b"x" * 2_000_000)
    answer = client.post(
        f"/w/{wave}/responses",
        input_stream=endless,
        content_type="application/octet-stream",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )

    assert answer.status_code in {400, 409, 413}
    assert endless.tell() < 200_000
