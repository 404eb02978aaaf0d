"""
Expressions of other formats as trees: XPath as XLSForm has it, and LimeSurvey's ExpressionScript.

Both are small: names, texts, numbers, comparisons, and, or, not, calls. What goes beyond is an
`ExpressionError` that quotes the part, for nothing is guessed (`relevance.py` gives the trees their meaning).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

LONGEST = 4_000
DEEPEST = 30


class ExpressionError(ValueError):
    """
    An expression that is not understood.

    Attributes:
        part: The words of it that are not.
    """

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class Dialect(StrEnum):
    """Whose expressions they are."""

    XLSFORM = "xlsform"
    LIMESURVEY = "limesurvey"


@dataclass(frozen=True, slots=True)
class Name:
    """An answer, by the name of its question; `.` is the answer to the question itself."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, or a number as it is written; `quoted` if it stands in quotes."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left op right`; op is one of = != < <= > >=."""

    op: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Connected:
    """Parts joined by `and` or by `or`."""

    word: str
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Negated:
    """The opposite of the part."""

    part: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """A function and what it is given."""

    function: str
    arguments: tuple[Expression, ...]


Expression: TypeAlias = Name | Literal | Comparison | Connected | Negated | Call

# A single `=` assigns in ExpressionScript, and is not read.
_TOKENS: Mapping[Dialect, re.Pattern[str]] = {
    Dialect.XLSFORM: re.compile(
        r"""\s*(?:(?P<name>\$\{[^{}]{1,200}\}|\.(?![\w.]))|(?P<text>'[^']*'|"[^"]*")
        |(?P<number>-?\d+(?:\.\d+)?)|(?P<op>!=|<=|>=|=|<|>)|(?P<word>[A-Za-z_][\w-]*(?::[\w-]+)?)|(?P<mark>[(),]))""",
        re.VERBOSE,
    ),
    Dialect.LIMESURVEY: re.compile(
        r"""\s*(?:(?P<text>'[^']*'|"[^"]*")|(?P<op>===|!==|==|!=|<=|>=|<>|<|>)|(?P<both>&&|\|\|)|(?P<bang>!)
        |(?P<number>-?\d+(?:\.\d+)?(?![\w.]))|(?P<word>\w+(?:\.\w+)*)|(?P<mark>[(),]))""",
        re.VERBOSE,
    ),
}
_OPERATORS = {"==": "=", "===": "=", "!==": "!=", "<>": "!=", "eq": "=", "ne": "!="}
_OPERATORS |= {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_WORDS = {"&&": "and", "||": "or"}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int


def parsed(source: str, dialect: Dialect) -> Expression:
    """
    The tree of an expression.

    Raises:
        ExpressionError: If a part of it is not understood.
    """
    if len(source) > LONGEST:
        raise ExpressionError(f"{source[:60]}… ({len(source)} characters)")
    return _Parser(source, list(_tokens(source, dialect)), dialect).whole()


def _tokens(source: str, dialect: Dialect) -> Iterator[_Token]:
    position, end = 0, len(source.rstrip())
    while position < end:
        match = _TOKENS[dialect].match(source, position)
        if match is None or match.lastgroup is None:
            raise ExpressionError(source[position:].strip()[:60])
        yield _token(match.lastgroup, match.group(match.lastgroup), match.start(match.lastgroup))
        position = match.end()


def _token(kind: str, text: str, start: int) -> _Token:
    if kind in {"op", "both"}:
        return _Token("op" if kind == "op" else "word", _OPERATORS.get(text, _WORDS.get(text, text)), start)
    if kind == "word" and text.lower() in _OPERATORS:
        return _Token("op", _OPERATORS[text.lower()], start)
    if kind == "word" and text.lower() in {"and", "or", "not"}:
        return _Token("word", text.lower(), start)
    return _Token(kind, text, start)


class _Parser:
    """Recursive descent: or, and, not, comparison, operand."""

    def __init__(self, source: str, tokens: Sequence[_Token], dialect: Dialect) -> None:
        self._source = source
        self._tokens = tokens
        self._dialect = dialect
        self._at = 0
        self._depth = 0

    def whole(self) -> Expression:
        tree = self._connected("or")
        if self._at < len(self._tokens):
            raise self._fault()
        return tree

    def _fault(self) -> ExpressionError:
        if self._at >= len(self._tokens):
            return ExpressionError(f"{self._source.strip()[-40:]} (it ends too early)")
        return ExpressionError(self._source[self._tokens[self._at].start :].strip()[:60])

    def _next_is(self, kind: str, *texts: str) -> bool:
        if self._at >= len(self._tokens):
            return False
        token = self._tokens[self._at]
        return token.kind == kind and (not texts or token.text in texts)

    def _taken(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1].text

    def _connected(self, word: str) -> Expression:
        part: Callable[[], Expression] = self._all_of if word == "or" else self._negated
        parts = [part()]
        while self._next_is("word", word):
            self._taken()
            parts.append(part())
        return parts[0] if len(parts) == 1 else Connected(word, tuple(parts))

    def _all_of(self) -> Expression:
        return self._connected("and")

    def _negated(self) -> Expression:
        if self._next_is("bang") or (self._dialect is Dialect.LIMESURVEY and self._next_is("word", "not")):
            self._taken()
            return Negated(self._deeper(self._negated))
        return self._comparison()

    def _comparison(self) -> Expression:
        left = self._operand()
        if not self._next_is("op"):
            return left
        op = self._taken()
        comparison = Comparison(op, left, self._operand())
        if self._dialect is Dialect.LIMESURVEY and op not in {"=", "!="} and _has_quotes(comparison):
            # There the order of texts is meant, in which "10" stands before "9".
            raise ExpressionError(in_source(comparison))
        return comparison

    def _operand(self) -> Expression:
        if self._next_is("mark", "("):
            self._taken()
            tree = self._deeper(lambda: self._connected("or"))
            self._expect(")")
            return tree
        if self._next_is("text"):
            return Literal(self._taken()[1:-1], quoted=True)
        if self._next_is("number"):
            return Literal(self._taken())
        if self._next_is("name"):
            name = self._taken()
            return Name(name if name == "." else name[2:-1].strip())
        return self._named()

    def _named(self) -> Expression:
        if not self._next_is("word") or self._next_is("word", "and", "or"):
            raise self._fault()
        word = self._taken()
        if self._next_is("mark", "("):
            return self._call(word)
        if self._dialect is Dialect.XLSFORM:
            self._at -= 1
            raise self._fault()
        return Name(word)

    def _call(self, function: str) -> Expression:
        self._taken()
        arguments: list[Expression] = []
        while not self._next_is("mark", ")"):
            arguments.append(self._deeper(lambda: self._connected("or")))
            if not self._next_is("mark", ","):
                break
            self._taken()
        self._expect(")")
        return (
            Negated(arguments[0])
            if function == "not" and len(arguments) == 1
            else Call(function, tuple(arguments))
        )

    def _expect(self, mark: str) -> None:
        if not self._next_is("mark", mark):
            raise self._fault()
        self._taken()

    def _deeper(self, part: Callable[[], Expression]) -> Expression:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionError(f"{self._source[:40]}… (nested deeper than {DEEPEST})")
        tree = part()
        self._depth -= 1
        return tree


def _has_quotes(comparison: Comparison) -> bool:
    return any(isinstance(side, Literal) and side.quoted for side in (comparison.left, comparison.right))


def in_source(tree: Expression) -> str:
    """A part of an expression in words close to its source, for a report."""
    match tree:
        case Name(name):
            return name
        case Literal(text):
            return f'"{text}"'
        case Comparison(op, left, right):
            return f"{in_source(left)} {op} {in_source(right)}"
        case Connected(word, parts):
            return f" {word} ".join(in_source(part) for part in parts)
        case Negated(part):
            return f"not({in_source(part)})"
        case Call(function, arguments):
            return f"{function}({', '.join(in_source(argument) for argument in arguments)})"
