"""Reading problems in the JJ format: what is right is solved, what is wrong is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.disclosure.jj import LARGEST_FILE, JjError, document, form_problem, read_jj, solution
from analysis.disclosure.optimisation import CannotProtectError, optimise
from tests.jj_tables import Tree, jj_table

# 3 + 7 + 10 = 20, and the 3 must be able to be 0 to 6.
GOOD = """\
0
4
0 3 3 u 0 60 3 3 0
1 7 7 s 0 60 0 0 0
2 10 10 s 0 60 0 0 0
3 20 20 z 0 60 0 0 0
1
0 4 : 0 (1) 1 (1) 2 (1) 3 (-1)
"""


def test_a_problem_is_solved_at_the_least_cost() -> None:
    problem = read_jj(GOOD.encode())

    found = solution(problem, optimise(form_problem(problem), node_limit=10))

    assert document(found) == {
        "suppressed": [0, 1],
        "secondary": [1],
        "cost": 7,
        "bound": 7,
        "optimal": True,
        "ranges": {"0": [0, 10]},
    }


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("\n", "\r\n"),
        "\ufeff" + GOOD,
        GOOD.replace("0 4 :", "0.0 4:").replace(" (", "("),
        GOOD.replace(" 0 0 0", " 0.0 0.0 0.0").replace("0 60", "0.00 60.00"),
        " ".join(GOOD.split()),
        GOOD.replace("0 3 3 u", "11 3 3 u").replace(": 0 (1)", ": 11 (1)"),
        GOOD.replace("3 20 20 z 0 60", "3 20 20 z 0 Inf"),
    ],
    ids=["CRLF", "BOM", "no blanks", "decimals", "one line", "own ids", "endless"],
)
def test_what_other_programs_write_is_read(text: str) -> None:
    assert read_jj(text.encode()).cells[0].below == 3


def test_a_sliding_level_is_kept() -> None:
    problem = read_jj(GOOD.replace("0 60 3 3 0", "0 60 0 0 9").encode())

    found = solution(problem, optimise(form_problem(problem), node_limit=10))

    least, most = found.ranges[0]
    assert most - least >= 9


def test_a_lower_bound_that_everybody_knows_is_believed() -> None:
    problem = read_jj(GOOD.replace("1 7 7 s 0 60", "1 7 7 s 6 60").encode())

    found = solution(problem, optimise(form_problem(problem), node_limit=10))

    assert found.secondary == (2,)
    with pytest.raises(CannotProtectError):
        optimise(form_problem(read_jj(GOOD.replace("u 0 60", "u 2 60").encode())), node_limit=10)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("0\n4\n0", "1\n4\n0", "line 1: .*begins with 0"),
        ("0\n4\n", "0\nfour\n", "line 2: the number of cells .*no number"),
        ("0\n4\n", "0\n0\n", "line 2: the number of cells is 0; say how many follow, from 1 to 100,000$"),
        ("0\n4\n", "0\n9999999\n", "line 2: the number of cells is 9,999,999"),
        ("0\n4\n", "0\n5\n", 'line 8: status ":"'),
        ("1 7 7 s", "1 -7 7 s", "line 4: cell 1: value is -7; write a number from 0 to 2,140,000,000$"),
        ("1 7 7 s", "1 7.5 7 s", "line 4: value 7.5 is no whole number; write one, up to 2,140,000,000$"),
        (
            "1 7 7 s",
            "1 2140000001 7 s",
            "line 4: value 2140000001 is beyond 2,140,000,000, which counts as infinite; write a smaller",
        ),
        (
            "1 7 7 s",
            "1 7 99999999999999999999 s",
            (
                'line 4: weight "99999999999999999999" is too long; write at most 18 digits before the point,'
                " 18 after it and 2 in an exponent$"
            ),
        ),
        ("1 7 7 s", "1 7 1e100 s", 'line 4: weight "1e100" is too long'),
        ("1 7 7 s", "1 nan 7 s", "line 4: value .*no number"),
        ("1 7 7 s", "1 1e99 7 s", "line 4: value"),
        ("1 7 7 s", "1 7 -7 s", "line 4: cell 1: weight is -7"),
        ("1 7 7 s", "1 7 7 q", 'line 4: status "q" is not one of the format\'s; write s '),
        ("1 7 7 s", "0 7 7 s", "line 4: id 0 stands on line 3 already; give each cell an id of its own$"),
        ("1 7 7 s 0", "1 7 7 s 8", "line 4: cell 1: its value 7 is not between 8 and 60"),
        ("1 7 7 s", "1 8 7 s", "line 8: equation 1: its cells sum to 1, not to 0"),
        ("u 0 60 3 3 0", "u 0 60 -3 3 0", "line 3: cell 0: LPL is -3"),
        ("1 7 7 s 0 60 0", "1 7 7 s 0 60 -1", "line 4: cell 1: LPL is -1; write a number from 0 to"),
        ("\n1\n0 4", "\n2\n0 4", "ends where an equation's right side belongs"),
        ("2 (1) 3", "5 (1) 3", "line 8: equation 1: there is no cell 5"),
        ("2 (1) 3", "1 (1) 3", "line 8: an equation names a cell twice"),
        ("2 (1) 3", "2 (0) 3", "line 8: factor 0 is 0 or too large; write 1 or -1, at most 127 either way$"),
        ("2 (1) 3", "2 (0.5) 3", "line 8: factor 0.5 is no whole number"),
        ("2 (1) 3", "2 [1] 3", r'line 8: "\[1\]" where "\(" belongs'),
        ("0 4 :", "0 4 ;", 'line 8: ";" where ":" belongs'),
        ("0 4 :", "0 9 :", "line 8: the number of an equation's cells is 9"),
        ("(-1)\n", "(-1)\n7\n", 'line 9: "7" comes after the last equation'),
        ("(-1)\n", "", "ends where"),
        (GOOD, "", "ends where"),
        (GOOD, "PK\x03\x04 no table", "line 1"),
        (GOOD, "\x1b[2J" * 50, r'line 1: "\?\[2J'),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old: str, new: str, said: str) -> None:
    assert old in GOOD

    with pytest.raises(JjError, match=said):
        read_jj(GOOD.replace(old, new, 1).encode())


def test_bytes_that_are_no_text_and_files_too_large_are_refused() -> None:
    with pytest.raises(JjError, match="byte 3 is no text"):
        read_jj(b"0\n4\xff")
    with pytest.raises(JjError, match="Split the table"):
        read_jj(b"0" * (LARGEST_FILE + 1))


@given(st.data())
def test_no_file_gets_further_than_an_error(data: st.DataObject) -> None:
    words = GOOD.split()
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(words) - 1))
        words[place] = data.draw(
            st.sampled_from(["", "-1", "0", "1", "4", "1e9", "u", "z", "(", ":", "٣", "x"])
        )
    try:
        problem = form_problem(read_jj("\n".join(words).encode()))
        optimise(problem, node_limit=1)
    except (JjError, CannotProtectError):
        pass


@pytest.mark.parametrize(
    ("dimensions", "cost"),
    [([[5] * 4], 16), ([5, 5], 32), ([[5] * 4, 6], 132), ([3, 3, 3], 137)],
)
def test_tables_of_one_to_three_dimensions_with_hierarchies_are_solved(
    dimensions: list[Tree], cost: int
) -> None:
    problem = read_jj(jj_table(dimensions, seed=0).encode())

    found = solution(problem, optimise(form_problem(problem), node_limit=1000))

    assert found.optimal
    assert found.cost == found.bound == cost
    for cell in problem.sensitive:
        least, most = found.ranges[cell.id]
        assert least <= cell.value - cell.below
        assert most >= cell.value + cell.above
