"""Fixtures that every part of the suite may ask for: Chromium, and empty PostgreSQL databases."""

import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import settings

from questionnaires.loading import load
from survey.storage.databases import open_engine
from survey.storage.upgrading import METADATA, upgrade_one
from tests.alliances import ROUTING, Fielded, fielded, routing_replies
from tests.made_once import Tables, make_once
from tests.postgresql import EMPTY, Cluster, find_server

# Two noisy cores: how long an example takes says nothing. The same examples every time, so that a
# failure belongs to the change; `make attacks` draws new ones, and many.
settings.register_profile("few", deadline=None, derandomize=True)
settings.register_profile("many", deadline=None, max_examples=2_000)
settings.load_profile("few")

ANSWERED = 12
INVITED = 15
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")

# The Node that Playwright brings needs a library that a bare Debian lacks; the one that assets are built
# with, in the environment or the system's, runs its driver as well.
if _node := shutil.which("node", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}"):
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", _node)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """
    Mark each test by what it needs, so that `make fast` leaves out what is slow to start.

    Of several workers each takes the next file: the long ones come first, or one works on at the end alone.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "chromium_executable" in fixtures:
            item.add_marker(pytest.mark.browser)
        if "new_postgres_url" in fixtures:
            item.add_marker(pytest.mark.postgres)
    if hasattr(config, "workerinput"):
        long = _length_of_files(items)
        items.sort(key=lambda item: long[item.path], reverse=True)


def _length_of_files(items: Sequence[pytest.Item]) -> Counter[Path]:
    """How long each file takes, roughly: counted in tests that are neither slow nor slow to start."""
    worth = {"slow": 400, "browser": 40, "postgres": 4}
    length = Counter[Path]()
    for item in items:
        length[item.path] += max((worth.get(mark.name, 1) for mark in item.iter_markers()), default=1)
    return length


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Count no lines while what is slow runs, nor in what it starts: that takes half as long again."""
    counted = Coverage.current() if item.get_closest_marker("slow") else None
    if counted is None:
        return (yield)
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
        counted.stop()
        try:
            return (yield)
        finally:
            counted.start()


@pytest.fixture(scope="session")
def chromium_executable() -> str:
    """Path of the system's Chromium; the test is skipped where there is none."""
    for name in CHROMIUM_NAMES:
        if found := shutil.which(name):
            return found
    pytest.skip("Chromium is not installed; run: sudo apt-get install chromium")


@pytest.fixture(scope="session")
def browser_type_launch_args(chromium_executable: str) -> dict[str, object]:
    """How pytest-playwright starts Chromium: the system's own, quiet, and with nowhere to call."""
    arguments = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-gpu",
        "--disable-sync",
        "--no-first-run",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return {"executable_path": chromium_executable, "args": arguments}


@pytest.fixture(scope="session")
def postgres_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL cluster of this session's own; the test is skipped where no server is installed."""
    server = find_server()
    if server is None:
        pytest.skip("PostgreSQL is not installed; run: sudo apt-get install postgresql")
    with Cluster.started(server) as cluster:
        yield cluster


@pytest.fixture(scope="session", autouse=True)
def _made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Spare each test what is the same for all, and what is slow on purpose."""
    with pytest.MonkeyPatch.context() as patch, Tables.in_folder(tmp_path_factory.mktemp("tables")) as tables:
        make_once(patch, tables)
        yield


@pytest.fixture(scope="session")
def postgres_templates(postgres_cluster: Cluster) -> dict[str, str]:
    """The names of a database of each line with this version's tables, for others to be copies of."""
    made = {}
    for line in METADATA:
        made[line] = postgres_cluster.create_database()
        engine = open_engine(postgres_cluster.url(made[line]))
        upgrade_one(line, engine)
        engine.dispose()
    return made


@pytest.fixture
def new_postgres_url(postgres_cluster: Cluster) -> Iterator[Callable[..., str]]:
    """Call it for the SQLAlchemy address of one more empty database or copy, which ends with the test."""
    made: list[str] = []

    def make(template: str = EMPTY) -> str:
        made.append(postgres_cluster.create_database(template))
        return postgres_cluster.url(made[-1])

    yield make
    for database in made:
        postgres_cluster.drop_database(database)


@pytest.fixture
def postgres_url(new_postgres_url: Callable[[], str]) -> str:
    """The SQLAlchemy address of one empty database."""
    return new_postgres_url()


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The checkout."""
    return Path(__file__).parent.parent


@pytest.fixture(scope="session")
def _fielded(tmp_path_factory: pytest.TempPathFactory) -> Fielded:
    return fielded(tmp_path_factory.mktemp("alliance"), load(ROUTING), routing_replies(ANSWERED), INVITED)


@pytest.fixture
def wave(_fielded: Fielded, tmp_path: Path) -> Fielded:
    """A wave of a test's own, open for answers, with twelve responses and three codes left."""
    return _fielded.copied(tmp_path)
