import ast
import re
import sys
from pathlib import Path

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


@pytest.mark.parametrize("name", ["threshold", "branched"])
def test_every_number_has_its_source_beside_it(name: str) -> None:
    lines = Path(policy.__file__).read_text(encoding="utf-8").splitlines()
    (made,) = (
        node
        for node in ast.walk(ast.parse("\n".join(lines)))
        if isinstance(node, ast.Call)
        and node.keywords
        and any(keyword.arg == name for keyword in node.keywords)
    )

    for keyword in made.keywords:
        if keyword.arg not in ("version", "general"):
            assert lines[keyword.value.lineno - 2].strip().startswith("#"), keyword.arg


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
