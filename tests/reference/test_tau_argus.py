"""
τ-Argus as a second opinion: its own optimal suppression (FullJJ) and its own audit, on drawn tables.

`pytauargus` carries the engine of Statistics Netherlands with HiGHS as its solver. It runs in a process of
its own: it writes raw values into its working folder, and its HiGHS would have other threads than ours.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from analysis.disclosure.jj import JjSolution, form_problem, read_jj, solution
from analysis.disclosure.optimisation import optimise
from tests.jj_tables import Tree, jj_table

_NODES = 2000
_ASKED = """
import json, sys
from pytauargus import HiTaSCtrl
from pytauargus._tauargus import audit_jj
folder, = sys.argv[1:]
engine = HiTaSCtrl()
status = engine.full_jj(folder + "/in.jj", folder + "/out.jj", 10, "", folder + "/")
audited = audit_jj(folder + "/audited.jj")
print(json.dumps({"status": status, "hidden": open(folder + "/out.jj").read().split(), "audit": audited}))
"""

TABLES: list[tuple[list[Tree], int]] = [
    ([[4, 4, 4]], 1),
    ([6, 5], 2),
    ([[3, 3], 4], 3),
    ([3, 3, 3], 4),
    ([[2, 2], 2, 2], 5),
]


def _ours(text: str) -> JjSolution:
    problem = read_jj(text.encode())
    return solution(problem, optimise(form_problem(problem), node_limit=_NODES))


def _theirs(folder: Path, text: str, ours: JjSolution) -> dict[str, Any]:
    (folder / "in.jj").write_text(text)
    lines = text.splitlines()
    for id_ in ours.secondary:
        words = lines[2 + id_].split()
        lines[2 + id_] = " ".join([*words[:3], "m", *words[4:]])
    (folder / "audited.jj").write_text("\n".join([*lines, ""]))
    # Its solver speaks on standard output too: the answer is the last line.
    answer = subprocess.run(
        [sys.executable, "-c", _ASKED, str(folder)], capture_output=True, text=True, check=True, timeout=120
    ).stdout
    found: dict[str, Any] = json.loads(answer.splitlines()[-1])
    return found


@pytest.mark.parametrize(("dimensions", "seed"), TABLES)
def test_tau_argus_finds_the_same_cost_and_the_same_ranges(
    tmp_path: Path, dimensions: list[Tree], seed: int
) -> None:
    text = jj_table(dimensions, seed)

    ours = _ours(text)
    theirs = _theirs(tmp_path, text, ours)

    assert ours.optimal
    assert theirs["status"] == 0
    weights = {cell.id: cell.weight for cell in read_jj(text.encode()).cells}
    assert sum(weights[int(id_)] for id_ in theirs["hidden"]) == ours.cost
    audited = {row["cell"]: (row["min"], row["max"]) for row in theirs["audit"]}
    assert set(audited) == set(ours.suppressed)
    for id_, (least, most) in ours.ranges.items():
        assert audited[id_] == pytest.approx((least, most), abs=1e-3)
    assert not any(row["unsafe"] for row in theirs["audit"] if row["status"] == "u")
