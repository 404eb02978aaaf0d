import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import cast

import pytest

import policy
from policy import POLICY, POOLING, RAISABLE, PolicyError


def test_a_wave_may_raise_what_it_likes() -> None:
    raised = POLICY.raised({"sensitive": 40, "general": 10})

    assert raised.sensitive == 40
    assert raised.coercion == POLICY.coercion
    assert dict(raised.raises) == {"sensitive": 40, "general": 10}
    assert dict(raised.raised({"mean": 30}).raises) == {"sensitive": 40, "general": 10, "mean": 30}


def test_a_wave_may_lower_nothing() -> None:
    with pytest.raises(
        PolicyError, match="policy: sensitive is 19, under 20; it may be raised, never lowered"
    ):
        POLICY.raised({"sensitive": 19})
    with pytest.raises(PolicyError, match="under 40"):
        POLICY.raised({"sensitive": 40}).raised({"sensitive": 30})


@pytest.mark.parametrize("name", ["threshold", "version", "senistive"])
def test_a_number_that_is_not_the_waves_to_raise_is_refused(name: str) -> None:
    with pytest.raises(PolicyError, match=f'there is no number "{name}"; raise one of opening, open_wave'):
        POLICY.raised({name: 100})


@pytest.mark.parametrize("number", [20.5, 40.0, "40", True, None, float("nan")])
def test_a_number_that_is_no_whole_one_is_refused(number: object) -> None:
    with pytest.raises(PolicyError) as refused:
        POLICY.raised({"sensitive": cast("int", number)})

    assert str(refused.value) == f"policy: sensitive is {number!r}, no whole number; write one from 20 up"


def test_every_number_has_its_source_beside_it() -> None:
    source = Path(policy.__file__).read_text(encoding="utf-8")

    numbers = {f"{made}.{name}": comment for made, name, comment in stated(source)}

    made = {name: value for name, value in vars(policy).items() if is_dataclass(value) and name.isupper()}
    assert set(made) == {"POLICY", "POOLING", "NOISE", "WAVES", "LIMITS"}
    assert set(numbers) == {
        f"{name}.{number.name}"
        for name, value in made.items()
        for number in fields(value)
        if number.name not in ("version", "raises")
    }
    assert {name for name, comment in numbers.items() if not comment} == set()
    # Each comment is of one number: one that lost its own is found.
    lost = source.replace("    # The base from which sensitive items are shown.\n", "")
    assert [f"{made}.{name}" for made, name, comment in stated(lost) if not comment] == ["WAVES.trend"]


def stated(source: str) -> Iterator[tuple[str, str, str]]:
    """Each number of the policies that a module makes: whose, its name, and the comment above it."""
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if not (isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Call)):
            continue
        for keyword in node.value.keywords:
            above = lines[keyword.value.lineno - 2].strip()
            if keyword.arg != "version":
                comment = above.removeprefix("#").strip() if above.startswith("#") else ""
                yield ast.unparse(node.target), str(keyword.arg), comment


def test_an_earlier_promise_holds_where_it_is_above_the_policy() -> None:
    held = POLICY.in_force({"general": 15, "sensitive": 1, "senistive": 90})

    assert (held.general, held.sensitive) == (15, POLICY.sensitive)


def test_the_browser_names_the_same_numbers(project_root: Path) -> None:
    script = (project_root / "frontend" / "src" / "policy.ts").read_text(encoding="utf-8")
    (numbers,) = re.findall(r"POLICY_1: Thresholds = {(.*)}", script)

    assert dict(re.findall(r"(\w+): (\d+)", numbers)) == {
        name: str(getattr(POLICY, name)) for name in ("opening", "general", "sensitive")
    }
    assert f"LEAST_EXACT_COUNT = {POLICY.threshold};" in script
    assert f"FEWEST_ORGANISATIONS = {POOLING.organisations};" in script


def test_what_everybody_may_import_imports_nothing_of_ours() -> None:
    read = ast.parse(Path(policy.__file__).read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(read) if isinstance(node, ast.ImportFrom)}

    assert not any(isinstance(node, ast.Import) for node in ast.walk(read))
    assert imported <= sys.stdlib_module_names | {"collections.abc"}


def test_every_number_but_the_threshold_can_be_raised() -> None:
    numbers = {name for name in POLICY.__slots__ if isinstance(getattr(POLICY, name), int)}

    assert numbers - {"threshold"} == set(RAISABLE)
