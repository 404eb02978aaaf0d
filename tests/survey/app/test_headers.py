from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from config import Config
from survey.app import create_app
from tests.pages import EveryName

EVERYWHERE = (
    "/",
    "/healthz",
    "/o/",
    "/o/sign-in",
    "/w/0000000000000000",
    "/trustees/waves",
    "/no/such",
    "/static/no",
)


@pytest.mark.parametrize("address", EVERYWHERE)
def test_every_answer_forbids_what_comes_from_elsewhere(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize(
    "address", ["/o/", "/o/sign-in", "/w/0000000000000000", "/w/x/nothing", "/trustees/waves"]
)
def test_what_is_for_one_person_is_kept_by_nobody(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers

    assert headers["Cache-Control"] == "no-store"
    assert "ETag" not in headers
    assert "Last-Modified" not in headers


def test_public_pages_are_asked_for_anew_in_each_language(client: FlaskClient) -> None:
    headers = client.get("/").headers

    assert headers["Cache-Control"] == "no-cache"
    assert "Accept-Language" in headers["Vary"]
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("address", ["/", "/healthz", "/w/0000000000000000", "/trustees/waves", "/no/such"])
def test_no_page_outside_the_signed_in_ones_sets_or_reads_a_cookie(client: FlaskClient, address: str) -> None:
    client.get("/o/sign-in")  # which sets one
    client.set_cookie("tillid", "anything", path="/")
    headers = client.get(address).headers

    assert "Set-Cookie" not in headers
    assert "Cookie" not in headers.get("Vary", "")


@pytest.fixture
def secure(config: Config) -> FlaskClient:
    served = replace(
        config,
        base_url="https://culture.example.org",
        demo=False,
        one_time_sign_in=False,
        mail_folder=None,
    )
    return create_app(served, assets=EveryName()).test_client()


def test_over_https_browsers_keep_to_it_and_keep_the_cookie_to_it(secure: FlaskClient) -> None:
    response = secure.get("/o/sign-in", base_url="https://culture.example.org")

    assert response.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    cookie = response.headers["Set-Cookie"]
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/o" in cookie


def test_outside_a_demo_nobody_signs_in_by_a_link(secure: FlaskClient) -> None:
    assert secure.get("/o/once/anything").status_code == 404


def test_built_files_are_kept_for_ever_others_are_asked_for(client: FlaskClient) -> None:
    from survey.site.assets import lifetime  # noqa: PLC0415  Asked directly: tests build nothing.

    assert lifetime("build/site-ABC.css") == 31_536_000
    assert lifetime("other.css") is lifetime(None) is None
    assert client.get("/static/build/no.css").status_code == 404
