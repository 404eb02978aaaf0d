"""Links that show that an address is somebody's: signed, for one purpose, and good for a while."""

from __future__ import annotations

from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer


class ConfirmationError(ValueError):
    """A link that is too old, or that was not made here for this."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Makes and reads the tokens of one purpose."""

    secret_key: str
    purpose: str
    seconds: int

    def token(self, identifier: str) -> str:
        """Return what a link has to say for somebody to confirm this."""
        return str(self._signer().dumps(identifier))

    def identifier(self, token: str) -> str:
        """
        Return what a link is for.

        Raises:
            ConfirmationError: If it is too old, or was not made here for this.
        """
        try:
            return str(self._signer().loads(token, max_age=self.seconds))
        except BadSignature as fault:
            raise ConfirmationError("confirmation: too old or none of ours. Ask again.") from fault

    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.secret_key, salt=self.purpose)
