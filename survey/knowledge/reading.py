"""What somebody had read when they decided: if it was written anew meanwhile, they are asked again."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from flask_babel import lazy_gettext
from wtforms import HiddenField

from questionnaires.digest import canonical_bytes
from survey.forms import Form


class ReadForm(Form):
    """A decision about something that its author may write anew while somebody reads it."""

    read = HiddenField()
    mark = ""

    def show(self, content: Mapping[str, object]) -> None:
        """Say what is on the page, before what was sent is checked."""
        self.mark = sha256(canonical_bytes(dict(content))).hexdigest()  # type: ignore[arg-type]  # JSON of ours

    def has_read(self) -> bool:
        """Say whether it is what was read; if it is not, that stands at the decision."""
        if self.read.data == self.mark:
            return True
        self.refuse("decision", lazy_gettext("It was written anew while you read it. Read it again."))
        return False
