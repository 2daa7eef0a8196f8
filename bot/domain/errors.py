# SPDX-License-Identifier: EUPL-1.2
"""What can go wrong by the rules. Each error is shown to the person as the text of its `key`."""

from typing import ClassVar


class DomainError(Exception):
    """A rule was not met. `key` names the sentence in the catalogue that tells the person what to do."""

    key: ClassVar[str] = "errors.general"

    def __init__(self, **details: str | int) -> None:
        super().__init__(self.key)
        self.details = details


class NotAllowedError(DomainError):
    """The person does not have the role that this needs."""

    key = "errors.not-allowed"


class NotFoundError(DomainError):
    """The thing does not exist, or is not this person's to see: the two look the same from outside."""

    key = "errors.not-found"


class StaleError(DomainError):
    """The button is old: what it was about has changed since, or was done already."""

    key = "errors.stale"


class InvitationError(DomainError):
    """The invitation does not exist, has been used, or has expired."""

    key = "errors.invitation"


class TooLongError(DomainError):
    """The text is longer than what can be kept or sent. Details: `length` and `limit`, in characters."""

    key = "errors.too-long"


class AlreadyHandledError(Exception):
    """This update was handled before, or is being handled elsewhere: what was done now is taken back.

    Not an error that anybody is shown: the first handling has answered.
    """
