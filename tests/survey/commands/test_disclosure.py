import json
from pathlib import Path

from click.testing import CliRunner, Result

from survey.commands import disclosure as command
from tests.analysis.test_jj import GOOD


def solve(*arguments: object) -> Result:
    return CliRunner().invoke(command.disclosure, ["solve", *map(str, arguments)])


def test_the_solution_is_one_line_of_json(tmp_path: Path) -> None:
    file = tmp_path / "table.csp"
    file.write_text(GOOD)

    result = solve(file)

    assert result.exit_code == 0
    assert result.stderr == ""
    assert json.loads(result.stdout) == {
        "suppressed": [0, 1],
        "secondary": [1],
        "cost": 7,
        "bound": 7,
        "optimal": True,
        "ranges": {"0": [0, 10]},
    }


def test_bad_input_is_told_in_one_line_and_nothing_is_written(tmp_path: Path) -> None:
    file = tmp_path / "table.csp"
    for content in (b"", b"\x00\xff", GOOD.replace("1 7 7 s", "1 8 7 s").encode()):
        file.write_bytes(content)

        result = solve(file)

        assert (result.exit_code, result.stdout) == (1, "")
        assert str(file) in result.stderr
        assert result.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["table.csp"]
    assert "cannot be read" in solve(tmp_path / "none.csp").stderr
    assert "cannot be read" in solve(tmp_path).stderr


def test_cells_that_nothing_protects_are_named(tmp_path: Path) -> None:
    file = tmp_path / "table.csp"
    file.write_text(GOOD.replace("u 0 60", "u 2 60"))

    result = solve(file)

    assert (result.exit_code, result.stdout) == (1, "")
    assert "no suppression protects 1 of its sensitive cells: 0." in result.stderr


def test_a_limit_of_no_nodes_still_gives_a_choice_and_its_bound(tmp_path: Path) -> None:
    file = tmp_path / "table.csp"
    file.write_text(GOOD)

    found = json.loads(solve(file, "--node-limit", 0).stdout)

    assert found["bound"] <= found["cost"]
    assert solve(file, "--node-limit", -1).exit_code == 2
