import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask

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

    scripts = [
        (folder / "survey" / "static" / "build").glob("answering-*.js")
        for folder in (project_root, source.parent)
    ]
    (here,), (elsewhere,) = scripts
    assert (here.name, here.read_bytes()) == (elsewhere.name, elsewhere.read_bytes())
