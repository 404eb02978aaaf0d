"""
Definition files: YAML in, a questionnaire that may be fielded out.

YAML is read as plain data, since definitions are imported from others: one document of YAML 1.2's core types
(`no` is a text), no tags, no aliases (a few bytes of them unfold into gigabytes), no key twice, and bounds on
size and depth.
"""

import re
from collections.abc import Hashable
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

import yaml

from questionnaires.checking import check, checked_model
from questionnaires.errors import DefinitionError, Finding
from questionnaires.files import read_file
from questionnaires.model import Questionnaire

DEFINITIONS = Path(__file__).parent / "definitions"

MOST_BYTES = 1_000_000
MOST_LEVELS = 40


def load(file: Path) -> Questionnaire:
    """
    The questionnaire of a definition file, held to every rule.

    Raises:
        DefinitionError: With a line for every fault: file, place, fact and remedy.
    """
    return checked_model(read(file), file.name)


def findings_in(file: Path) -> tuple[Finding, ...]:
    """Everything that is wrong with a definition file, for its author to mend in one go."""
    try:
        value = read(file)
    except DefinitionError as error:
        return error.findings
    return check(value)


@lru_cache(maxsize=8)
def alliance_definition(name: str) -> Questionnaire:
    """
    One of the alliance's own questionnaires: `workplace`, `education` or `culture_leisure`.

    Raises:
        DefinitionError: If there is none of that name.
    """
    return load(DEFINITIONS / f"{name}.yaml")


def read(file: Path) -> object:
    """
    The plain data of a YAML file: mappings with text as keys, lists, texts, whole numbers, true and false.

    Raises:
        DefinitionError: If it cannot be read, or is more than plain data.
    """
    try:
        data = read_file(file, MOST_BYTES + 1)
    except OSError as error:
        _refuse(file, "file", f"cannot be read ({error.strerror})", "Give the path of a definition file.")
    if len(data) > MOST_BYTES:
        _refuse(file, "file", f"is larger than {MOST_BYTES} bytes", "Split the questionnaire.")
    try:
        return _plain_data(data.decode())
    except UnicodeDecodeError as error:
        _refuse(file, f"byte {error.start}", "is not UTF-8", "Save the file as UTF-8.")
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        _refuse(file, f"line {line}", error.problem or "is not YAML", error.note or "Mend the YAML there.")
    except ValueError:
        _refuse(file, "file", "holds a number that is too long", "Put it in quotes, or shorten it.")
    except yaml.YAMLError as error:
        _refuse(file, "file", f"is not YAML: {error}", "Remove what cannot be printed.")


def _refuse(file: Path, place: str, fact: str, remedy: str) -> NoReturn:
    raise DefinitionError(file.name, [Finding(place, fact, remedy)])


def _plain_data(text: str) -> object:
    loader = _PlainLoader(text)
    try:
        value: object = loader.get_single_data()
        return value
    finally:
        loader.dispose()


class _PlainLoader(yaml.SafeLoader):
    """PyYAML's safe loader without what makes YAML surprising or dangerous."""

    levels = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            raise _fault(event, "an alias (*) stands here", "Write out what it stands for.")
        if getattr(event, "tag", None) is not None:
            raise _fault(event, "a tag (!) stands here", "Write plain data.")
        if self.levels >= MOST_LEVELS:
            raise _fault(event, f"nested deeper than {MOST_LEVELS} levels", "Name parts and refer.")
        self.levels += 1
        node = super().compose_node(parent, index)
        self.levels -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:  # noqa: FBT001, FBT002  PyYAML calls it so
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node)
            if not isinstance(key, str):
                raise _fault(key_node, "a key is not text", "Put it in quotes.")
            if key in seen:
                raise _fault(key_node, f'"{key}" stands here a second time', "Keep one of the two.")
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def _fault(at: yaml.Event | yaml.Node, problem: str, remedy: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=at.start_mark, note=remedy)  # type: ignore[arg-type]  # stubs forget the C marks


_PlainLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^[-+]?(?:0|[1-9][0-9]*)$", list("-+0123456789")),
    ("float", r"^[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$", list("-+0123456789")),
):
    _PlainLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)
