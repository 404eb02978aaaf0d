"""What can be wrong with a definition or with answers to it; each message says place, fact and remedy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum


class QuestionnaireError(Exception):
    """Something about a questionnaire that its caller must not pass over."""


class UnknownNameError(QuestionnaireError, LookupError):
    """A section, item, option or condition was asked for by a name that the questionnaire does not have."""


class CanonicalError(QuestionnaireError, ValueError):
    """A value has no canonical form, or bytes are not in it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One fault of a definition, for its author.

    Attributes:
        place: Where: `item "c03"`, `scale "agree5"`, `line 12`.
        fact: What is there that cannot be.
        remedy: What to do about it.
    """

    place: str
    fact: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.fact}. {self.remedy}"


class DefinitionError(QuestionnaireError):
    """
    A definition that cannot be used.

    Attributes:
        findings: Everything that is wrong with it; the message has a line for each, led by the source's name.
    """

    def __init__(self, source: str, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(f"{source}: {finding}" for finding in findings))
        self.findings = tuple(findings)


class AnswerErrorKind(StrEnum):
    """Why a response is not one of this questionnaire; rejected responses are counted by these names."""

    MALFORMED = "malformed"
    NOT_CANONICAL = "not_canonical"
    WRONG_VERSION = "wrong_version"
    WRONG_LENGTH = "wrong_length"
    WRONG_TYPE = "wrong_type"
    OUT_OF_RANGE = "out_of_range"
    TOO_MANY_CHOICES = "too_many_choices"
    UNKNOWN_CODE = "unknown_code"
    BAD_PADDING = "bad_padding"


class AnswerError(QuestionnaireError, ValueError):
    """
    A response that is not one of this questionnaire.

    What `decode` says names places and limits, never what was answered, since custody may print it.
    """

    def __init__(self, kind: AnswerErrorKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The remedy for a misspelt name: the one that comes closest, or what there is to choose among."""
    choices = sorted(known)
    close = get_close_matches(name, choices, n=1)
    if close:
        return f'Did you mean "{close[0]}"?'
    return f"Choose among {', '.join(choices)}." if choices else "There is nothing to choose among."
