"""A questionnaire from any of the formats that are read, told by what the file begins with."""

from collections.abc import Mapping

from questionnaires.exchange.building import Imported
from questionnaires.exchange.limesurvey import read_limesurvey
from questionnaires.exchange.limits import refuse
from questionnaires.exchange.xlsform import read_xlsform

_XML = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<\0", b"\xfe\xff\0<")
MOST_FILES = 4


def read_questionnaire(files: Mapping[str, bytes], language: str = "da") -> Imported:
    """
    A questionnaire from an XLSForm or a LimeSurvey survey structure.

    Args:
        files: Name → content; more than one only for an XLSForm with a CSV for each sheet.
        language: Of texts that name no language.

    Raises:
        ExchangeError: If they cannot be read.
    """
    if len(files) > MOST_FILES:
        refuse("file", f"there are {len(files)} files", "Give one form, or a CSV for each of its sheets.")
    first = next(iter(files), "")
    if not first or not any(files.values()):
        refuse(first or "file", "it is empty", "Give a form.")
    if files[first][:100].lstrip().startswith(_XML):
        if len(files) > 1:
            refuse(first, "a LimeSurvey survey structure is one file", "Give it by itself.")
        return read_limesurvey(files[first], first, language)
    return read_xlsform(files, language)
