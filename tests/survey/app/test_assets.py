from pathlib import Path

import pytest
from flask import Flask

from survey.site import built
from survey.site.assets import Assets
from survey.site.built import AssetError, read_manifest


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(built, "BUILT", tmp_path)
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
