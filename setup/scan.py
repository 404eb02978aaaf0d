"""
Runs Wapiti against the demo that is up: as nobody, as a steward, a leader and the secretariat.

    make demo      in one terminal
    make scan      in another: some ten minutes

It writes into the demo as a stranger would: remove var/demo afterwards. Fails if it finds what EXPLAINED does
not name. Wapiti is no part of the product; it is fetched for the run, as the audit's tool is.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import select

from config import Config
from survey.accounts.links import one_time_link
from survey.storage.accounts import Account
from survey.storage.databases import open_databases
from survey.storage.models import Membership, MembershipRole

DEMO: Final = Path("var/demo")
# A session belongs to the browser that began it: Wapiti must come as the one that signed in.
AGENT: Final = "Wapiti at home"
PEOPLE: Final = (MembershipRole.STEWARD, MembershipRole.LEADER, MembershipRole.SECRETARIAT)
# Without what looks for other products (WordPress, LDAP), what asks a server of Wapiti's own (ssrf, xxe),
# and its test of CSRF: that compares the answers to two forms of its own making, which are refused
# alike for what stands in them. Ours is tests/attacks/test_forged_forms.py.
MODULES: Final = (
    "cookieflags,crlf,csp,exec,file,htaccess,http_headers,methods,permanentxss,redirect,shellshock,sql,timesql,"
    "upload,xss"
)
WAPITI: Final = (
    ".venv/bin/uv",
    "tool",
    "run",
    "--quiet",
    "--exclude-newer",
    "7 days",
    "--from",
    "wapiti3",
    "wapiti",
)
EXPLAINED: Final = {"Secure Flag cookie": "the demo is served on this machine without TLS"}
SECONDS: Final = ("--max-scan-time", "120", "--max-attack-time", "30")
LIMITS: Final = ("--max-links-per-page", "60", "--max-files-per-dir", "30", "--timeout", "10")


def main() -> None:
    """Scan, print what was found, and fail where it is not explained."""
    config = Config.for_demo(DEMO, int(os.environ.get("TILLID_PORT", "8000")))
    found = list(scanned(config, "nobody", "/", ()))
    for role in PEOPLE:
        found += scanned(config, role.value, "/o/", ("--header", f"Cookie: {signed_in(config, role)}"))
    for line in found:
        print(line)
    if any(not line.startswith("explained") for line in found):
        sys.exit("scan: Wapiti found what is not explained above")
    print("scan: nothing that is not explained")


def scanned(config: Config, who: str, path: str, more: tuple[str, ...]) -> Iterator[str]:
    """Yield a line for each thing that Wapiti found."""
    base = config.base_url + path
    scope = ("--url", base, "--scope", "folder", "--exclude", f"{config.base_url}/o/sign-out*")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        kept = ("--store-session", folder, "--store-config", folder, "--flush-session", "--no-bugreport")
        written = ("--format", "json", "--output", str(report), "--user-agent", AGENT, "--module", MODULES)
        subprocess.run(
            [*WAPITI, *scope, *kept, *written, *SECONDS, *LIMITS, *more],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        told = json.loads(report.read_text(encoding="utf-8"))
    print(f"scan: as {who}, {told['infos']['crawled_pages_nbr']} addresses")
    for kind, entries in (told["vulnerabilities"] | told["anomalies"]).items():
        word = f"explained ({EXPLAINED[kind]})" if kind in EXPLAINED else "found"
        yield from (f"{word}: {kind}: {each['method']} {each['path']}: {each['info']}" for each in entries)


def signed_in(config: Config, role: MembershipRole) -> str:
    """Return the cookies of somebody with this role, who came by a link as the demo prints them."""
    databases = open_databases(config.database_url, config.responses_url)
    with databases.alliance_session(reading=True) as session:
        of_role = select(Membership.account_id).where(Membership.role == role)
        person = session.scalars(select(Account).where(Account.id.in_(of_role)).order_by(Account.id)).first()
    databases.dispose()
    if person is None:
        sys.exit(f"scan: nobody in {DEMO} is {role.value}; run make demo first")
    link = urlsplit(one_time_link(config.secret_key, config.base_url, person.id))
    connection = http.client.HTTPConnection(link.netloc)
    connection.request("GET", link.path, headers={"User-Agent": AGENT})
    answer = connection.getresponse()
    if answer.status != HTTPStatus.FOUND:
        sys.exit(f"scan: {config.base_url} does not sign anybody in; is the demo up?")
    return "; ".join(cookie.split(";")[0] for cookie in answer.headers.get_all("Set-Cookie") or [])


if __name__ == "__main__":
    main()
