"""`deploy/nginx/tillid.conf`, run by a real nginx before real nodes of the web."""

import datetime as dt
import os
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from config import Config
from questionnaires.loading import load
from survey.commands.alliance import open_alliance
from tests.alliances import ROUTING, plan
from tests.documentation.pages import ROOT
from tests.live import Web, free_port

CONFIGURATION = ROOT / "deploy" / "nginx" / "tillid.conf"
NAME = "culture.example.org"
PATIENCE = 20.0
FOREVER = dt.timedelta(days=36_500)
NONE: Mapping[str, str] = {}
BYTES = {"Content-Type": "application/octet-stream"}
MAIN = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log notice;
worker_processes 1;
events {{ worker_connections 512; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/tillid.conf;
}}
"""


@dataclass(frozen=True, slots=True)
class Site:
    """nginx on ports of its own, two nodes behind it, and a wave that is open."""

    folder: Path
    https: int
    http: int
    wave: str
    nodes: tuple[Web, Web]

    def connection(self) -> HTTPSConnection:
        """A connection by TLS, trusting this site's own certificate."""
        context = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        context.check_hostname = False
        return HTTPSConnection("127.0.0.1", self.https, context=context, timeout=PATIENCE)

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, *, headers: Mapping[str, str] = NONE
    ) -> tuple[HTTPResponse, bytes]:
        """One request over a connection of its own."""
        connection = self.connection()
        connection.request(method, path, body, {"Host": NAME, **headers})
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response, content


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None:
        pytest.skip("nginx is not installed; run: sudo apt-get install nginx-light")
    folder = tmp_path_factory.mktemp("nginx")
    with open_alliance(folder / "alliance", free_port()) as alliance:
        organisation = alliance.organisation("Example", "labour_market")
        ballot = alliance.field(organisation, load(ROUTING), plan(12), alliance.trustees(organisation))
        config = alliance.config
    nodes = (node(config, folder, "one"), node(config, folder, "two"))
    ports = free_port(), free_port()
    write_configuration(folder, nodes, *ports)
    subprocess.run([nginx, "-t", "-c", folder / "nginx.conf"], check=True, capture_output=True)
    with ThreadPoolExecutor(2) as both:
        list(both.map(Web.start, nodes))
    process = subprocess.Popen([nginx, "-c", folder / "nginx.conf"], stderr=subprocess.DEVNULL)
    try:
        await_port(ports[0])
        yield Site(folder, *ports, ballot.wave, nodes)
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(PATIENCE)
        for each in nodes:
            each.stop()


def node(config: Config, folder: Path, name: str) -> Web:
    port = free_port()
    settings = replace(config, port=port, base_url=f"http://127.0.0.1:{port}", proxies=1, workers=1)
    return Web(settings, folder / f"{name}.log")


def write_configuration(folder: Path, nodes: tuple[Web, Web], https: int, plain: int) -> None:
    """The file as it is, with this machine's ports and a certificate made for it."""
    write_certificate(folder)
    text = CONFIGURATION.read_text(encoding="utf-8")
    changes = {
        "/etc/ssl/tillid": str(folder),
        "127.0.0.1:8001": f"127.0.0.1:{nodes[0].config.port}",
        "127.0.0.1:8002": f"127.0.0.1:{nodes[1].config.port}",
        "listen 443 ssl;": f"listen 127.0.0.1:{https} ssl;",
        "listen 80;": f"listen 127.0.0.1:{plain};",
    }
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    kept = [line for line in text.splitlines() if "listen [::]" not in line]
    (folder / "tillid.conf").write_text("\n".join(kept), encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(user + MAIN.format(folder=folder), encoding="utf-8")


def write_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    began = dt.datetime.fromtimestamp(CONFIGURATION.stat().st_mtime, dt.UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(began - dt.timedelta(days=1)).not_valid_after(began + FOREVER)
    built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
    made = built.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    (folder / "fullchain.pem").write_bytes(made)
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "privkey.pem").write_bytes(plain)


def await_port(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on {port}")


def test_what_came_by_http_goes_on_by_https(site: Site) -> None:
    connection = HTTPConnection("127.0.0.1", site.http)
    connection.request("GET", "/w/x", headers={"Host": NAME})
    response = connection.getresponse()

    assert (response.status, response.headers["Location"]) == (308, f"https://{NAME}/w/x")
    connection.close()


@pytest.mark.parametrize("path", ["/", "/w/WAVE", "/no/such", "/metrics"])
def test_every_answer_keeps_browsers_to_https_and_says_so_once(site: Site, path: str) -> None:
    response, _ = site.ask(path.replace("WAVE", site.wave))

    assert response.headers.get_all("Strict-Transport-Security") == ["max-age=63072000; includeSubDomains"]
    assert "nginx/" not in (response.headers["Server"] or "")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_tls_is_refused(site: Site, version: ssl.TLSVersion) -> None:
    context = ssl._create_unverified_context()  # noqa: S323  What is asked is the version.
    context.minimum_version = context.maximum_version = version
    with (
        socket.create_connection(("127.0.0.1", site.https)) as plain,
        pytest.raises(ssl.SSLError),
        context.wrap_socket(plain),
    ):
        pass


def test_no_session_ties_two_connections_together(site: Site) -> None:
    context = ssl.create_default_context(cafile=str(site.folder / "fullchain.pem"))
    context.check_hostname = False
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        socket.create_connection(("127.0.0.1", site.https)) as plain,
        context.wrap_socket(plain) as secured,
    ):
        first = secured.session
    with (
        socket.create_connection(("127.0.0.1", site.https)) as plain,
        context.wrap_socket(plain, session=first) as secured,
    ):
        assert not secured.session_reused


def test_the_connection_of_an_exchange_ends_with_it(site: Site) -> None:
    exchange, _ = site.ask(f"/w/{site.wave}/credential", "POST", b"0" * 272, headers=BYTES)
    page, _ = site.ask(f"/w/{site.wave}")

    assert exchange.status in {400, 403}
    assert exchange.headers["Connection"] == "close"
    assert page.headers["Connection"] == "keep-alive"


def test_what_is_for_those_inside_is_not_there_outside(site: Site) -> None:
    assert {site.ask(path)[0].status for path in ("/metrics", "/readyz")} == {404}


def test_a_browser_cannot_say_for_whom_it_speaks(site: Site) -> None:
    path, body = f"/w/{site.wave}/credential", b"0" * 16 + b"\1" * 256
    answers = [
        site.ask(path, "POST", body, headers={**BYTES, "X-Forwarded-For": f"192.0.2.{number}"})[0].status
        for number in range(70)
    ]

    # Two nodes of one process each let thirty pass: had each been another address, all would have.
    assert 50 < answers.count(403) <= 60
    assert answers[-1] == 429


def test_whoever_sends_slowly_keeps_no_node_busy(site: Site) -> None:
    slow = []
    for _ in range(40):
        connection = site.connection()
        connection.putrequest("POST", f"/w/{site.wave}/responses")
        connection.putheader("Content-Length", "4000")
        connection.endheaders(b"x")
        slow.append(connection)
    began = time.monotonic()
    page, _ = site.ask(f"/w/{site.wave}")

    # Forty such requests are ten times the threads of both nodes: none of them has reached one.
    assert page.status == 200
    assert time.monotonic() - began < PATIENCE
    for connection in slow:
        connection.close()


def test_too_long_a_body_is_refused_before_a_node_sees_it(site: Site) -> None:
    response, _ = site.ask(f"/w/{site.wave}/responses", "POST", bytes(17 * 1024), headers=BYTES)

    assert response.status == 413


def test_nothing_is_written_about_anybody(site: Site) -> None:
    site.ask(f"/w/{site.wave}?question", headers={"User-Agent": "Agent/7"})

    check_nothing_was_written(site)


# The last two: they stop nodes, and only one of them is started again.


def test_no_request_is_lost_while_nodes_are_restarted_one_after_the_other(site: Site) -> None:
    over, statuses = threading.Event(), list[int]()

    def ask() -> None:
        while not over.is_set():
            statuses.append(site.ask(f"/w/{site.wave}/manifest.json")[0].status)

    readers = [threading.Thread(target=ask) for _ in range(3)]
    for reader in readers:
        reader.start()
    one, other = site.nodes
    one.stop()
    one.start()
    other.stop()
    over.set()
    for reader in readers:
        reader.join()

    assert len(statuses) > 50
    assert set(statuses) == {200}


def test_without_a_node_nginx_says_in_words_that_nothing_was_stored(site: Site) -> None:
    for each in site.nodes:
        each.stop()
    response, content = site.ask(f"/w/{site.wave}")

    assert response.status == 503
    assert "Intet er gemt" in content.decode()
    assert response.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers.get_all("Strict-Transport-Security") == ["max-age=63072000; includeSubDomains"]
    check_nothing_was_written(site)


def check_nothing_was_written(site: Site) -> None:
    """No file here, of nginx or the nodes, has a word of a request."""
    written = b"".join(path.read_bytes() for path in site.folder.rglob("*.log"))

    for word in (site.wave.encode(), b"/w/", b"Agent/7", b"GET", b"POST", b"manifest.json"):
        assert word not in written
    assert not [path for path in (site.folder / "body").rglob("*") if path.is_file()]
