import base64
import gzip
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.site import assets, built
from survey.site.assets import Assets
from survey.site.built import AssetError, read_manifest


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(built, "BUILT", tmp_path)
    monkeypatch.setattr(assets, "BUILT", tmp_path)
    return tmp_path


def test_a_file_is_found_by_its_logical_name(app: Flask, folder: Path) -> None:
    (folder / "manifest.json").write_text('{"site.css": "site-ABC.css"}')
    with app.test_request_context():
        assert Assets().address("site.css") == "/static/build/site-ABC.css"


def test_what_was_not_built_is_named_with_the_remedy(app: Flask, folder: Path) -> None:
    with pytest.raises(AssetError, match=r"are not built\. Run setup/assets\.sh"):
        read_manifest()

    (folder / "manifest.json").write_text("{}")
    with (
        app.test_request_context(),
        pytest.raises(AssetError, match=r'asset "site\.css": .* Run setup/assets\.sh'),
    ):
        Assets().address("site.css")


def test_a_script_has_the_hash_of_what_was_built(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"answering.js": "answering-ABC.js"}')
    (folder / "answering-ABC.js").write_bytes(b"the script")

    assert Assets().digest("answering.js") == sha256(b"the script").hexdigest()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not on the path; run: make setup")
def test_a_build_in_another_place_gives_the_same_script(project_root: Path, tmp_path: Path) -> None:
    source = tmp_path / "a place with another name" / "frontend"
    without_tests = shutil.ignore_patterns("tests")
    shutil.copytree(project_root / "frontend", source, symlinks=True, ignore=without_tests)
    subprocess.run(["node", "build.mjs"], cwd=source, check=True)

    for script in ("answering-*.js", "sealed-*.js", "trustees-*.js"):
        (here,), (elsewhere,) = (
            (folder / "survey" / "static" / "build").glob(script) for folder in (project_root, source.parent)
        )
        assert (here.name, here.read_bytes()) == (elsewhere.name, elsewhere.read_bytes())


def test_the_answering_script_names_the_only_other_one_by_its_hash(project_root: Path) -> None:
    names = read_manifest()
    first, second = ((built.BUILT / names[name]).read_bytes() for name in ("answering.js", "sealed.js"))
    digest = base64.b64encode(sha256(second).digest()).decode()

    assert f"sha256-{digest}".encode() in first
    assert names["sealed.js"].encode() in first


@pytest.fixture
def served(app: Flask, tmp_path: Path) -> FlaskClient:
    """A web whose build holds one style sheet, compressed too."""
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "site-ABC.css").write_bytes(b"p{}")
    (tmp_path / "build" / "site-ABC.css.gz").write_bytes(gzip.compress(b"p{}"))
    app.static_folder = str(tmp_path)
    return app.test_client()


def test_a_built_file_comes_compressed_to_a_browser_that_takes_it(served: FlaskClient) -> None:
    answer = served.get("/static/build/site-ABC.css", headers={"Accept-Encoding": "br, gzip"}, buffered=True)

    assert gzip.decompress(answer.data) == b"p{}"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.mimetype == "text/css"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert "max-age=31536000" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("encodings", ["", "br", "gzip;q=0"])
def test_a_built_file_comes_as_it_is_to_a_browser_that_does_not(served: FlaskClient, encodings: str) -> None:
    headers = {"Accept-Encoding": encodings}
    answer = served.get("/static/build/site-ABC.css", headers=headers, buffered=True)

    assert (answer.data, answer.headers.get("Content-Encoding")) == (b"p{}", None)


@pytest.mark.parametrize("name", ["../config.py", "build/../../x", "build/no.css", "%2e%2e/x"])
def test_nothing_outside_the_folder_is_served(served: FlaskClient, name: str) -> None:
    assert served.get(f"/static/{name}", headers={"Accept-Encoding": "gzip"}).status_code == 404
