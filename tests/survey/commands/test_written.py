from __future__ import annotations

import os
from pathlib import Path

import pytest

from survey.commands.files import FileError
from survey.commands.written import check_out, write_whole


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_file_is_written_whole_in_the_place_of_the_one_before(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_bytes(b"before, and longer")
    check_out(out)

    write_whole(out, b"after")

    assert out.read_bytes() == b"after"
    assert names(tmp_path) == ["out"]


def test_nothing_but_a_regular_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("folder", "pipe"):
        for write in (check_out, lambda path: write_whole(path, b"content")):
            with pytest.raises(FileError, match=f"{name}: something is there that is no regular file; write"):
                write(tmp_path / name)

    assert (tmp_path / "folder").is_dir()
    assert (tmp_path / "pipe").is_fifo()
    assert names(tmp_path) == ["folder", "pipe"]


def test_what_is_read_is_not_written_over_by_whatever_name(tmp_path: Path) -> None:
    read = tmp_path / "responses.csv"
    read.write_text("answers")
    (tmp_path / "link").symlink_to(read)

    for name in ("responses.csv", "link", "../" + tmp_path.name + "/responses.csv"):
        with pytest.raises(FileError, match="it is one of the files that are read, and would be lost"):
            check_out(tmp_path / name, [tmp_path / "none", read])

    check_out(tmp_path / "release.json", [tmp_path / "none", read])


def test_where_nothing_can_be_written_is_said_before_and_after(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 300)
    for write in (check_out, lambda path: write_whole(path, b"content")):
        with pytest.raises(FileError, match="there is no folder"):
            write(tmp_path / "none" / "out")
        with pytest.raises(FileError, match=r"cannot be written \(File name too long\); write elsewhere"):
            write(long)
        # No file can be made there, by whomever.
        with pytest.raises(FileError, match="/proc/out: cannot be written"):
            write(Path("/proc/out"))
    assert names(tmp_path) == []


def test_a_disk_that_is_full_leaves_no_piece_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path, __: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)

    with pytest.raises(FileError, match=r"cannot be written \(No space left on device\)"):
        write_whole(tmp_path / "out", b"content")

    assert names(tmp_path) == []
