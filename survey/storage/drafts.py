"""Waves that are still being set up: what a steward has decided so far, and the preview made of it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.identifiers import LENGTH
from survey.storage.models import Base


class WaveDraft(Base):
    """
    A wave that a steward is setting up, as far as they have come.

    It becomes a wave when it is handed to custody, and the row is gone then. `asked_*` is what a preview is
    to be made of; `preview` is what the worker made of exactly that.

    Cannot be learnt from a row: anything about anybody who will be asked, but how many they are.
    """

    __tablename__ = "wave_drafts"

    id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    decided: Mapped[dict[str, object]]
    changed_on: Mapped[dt.date]
    asked_plan: Mapped[dict[str, object] | None]
    asked_definition: Mapped[bytes | None]
    preview: Mapped[bytes | None]
