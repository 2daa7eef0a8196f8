# SPDX-License-Identifier: EUPL-1.2
"""What can go wrong with a report, each with the sentence that tells the person what to do."""

from typing import ClassVar

from bot.domain.errors import DomainError, StaleError
from bot.services.report_privacy import Mark


class DraftGoneError(StaleError):
    """What was being written is gone: sent, thrown away, or too old."""

    key = "reports.draft-gone"


class PersonalDetailError(DomainError):
    """The text points at a person: it is shown back with the part marked, and was not stored."""

    key = "reports.personal"

    def __init__(self, text: str, marks: tuple[Mark, ...]) -> None:
        super().__init__()
        self.text = text
        self.marks = marks


class AboutPeopleError(DomainError):
    """The text is about who people are, not about what happens where. It was not stored."""

    key = "reports.about-people"


class OutsideMunicipalityError(DomainError):
    """The location is not in this municipality."""

    key = "reports.place.outside"


class NotAPictureError(DomainError):
    """What was sent is no picture, whatever it is called."""

    key = "reports.photo.not-a-picture"


class PictureTooBigError(DomainError):
    """The picture is larger than what can be taken."""

    key = "reports.photo.too-big"


class TooManyPhotosError(DomainError):
    """Five is the most."""

    key = "reports.photo.enough"


class NoRoomError(DomainError):
    """The picture could not be stored. Everything else is still there."""

    key = "reports.photo.no-room"


class NotYoursToReopenError(DomainError):
    """The time to say 'not solved' is over."""

    key = "reports.too-late-to-reopen"


class TooLateToUndoError(DomainError):
    """The minute is over, or it has been told already."""

    key = "reports.too-late-to-undo"


class IncompleteError(DomainError):
    """What or where is still missing."""

    key = "reports.incomplete"


class TooFewToTellError(DomainError):
    """So few reports came in that telling their number could tell about somebody."""

    key = "results.too-few"


class WrongTextError(DomainError):
    """What was typed cannot be understood as a date."""

    key: ClassVar[str] = "reports.desk.no-date"
