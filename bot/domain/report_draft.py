# SPDX-License-Identifier: EUPL-1.2
"""A report that is being written: kept step by step, so that nothing is lost when one stops halfway."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.place import Place

DRAFT_WAITS = timedelta(hours=24)
"""So long a draft waits to be continued."""


class DraftStep(StrEnum):
    """What is asked now."""

    KIND = "kind"
    PLACE = "place"
    PHOTOS = "photos"
    WORDS = "words"
    SUMMARY = "summary"


ORDER = (DraftStep.KIND, DraftStep.PLACE, DraftStep.PHOTOS, DraftStep.WORDS, DraftStep.SUMMARY)


@dataclass(frozen=True, slots=True)
class Draft:
    """What was filled in. `token` tells this draft from any other one, and makes sending it happen once.

    `editing`: a single part is changed, after which the summary comes back. `seen` are the similar reports
    that the person said are others than this. `taken` is the number of the message that was taken over last:
    when it comes again after a crash, it is not taken for an answer to the next step.
    """

    token: str
    language: str
    updated_at: datetime
    step: DraftStep = DraftStep.KIND
    kind: str = ""
    place: Place = field(default_factory=Place)
    photos: tuple[str, ...] = ()
    text: str = ""
    editing: bool = False
    seen: tuple[int, ...] = ()
    taken: int = 0

    def at(self, step: DraftStep, *, editing: bool = False) -> "Draft":
        """Return the draft at another step."""
        return replace(self, step=step, editing=editing)

    def after(self, step: DraftStep) -> "Draft":
        """Return the draft at the step that comes after `step`, passing over what is filled in already."""
        if self.editing:
            return self._complete()
        for following in ORDER[ORDER.index(step) + 1 : -1]:
            if not self._is_filled(following):
                return self.at(following)
        return self._complete()

    def back(self) -> "Draft":
        """Return the draft one step before, or at the summary when a single part was being changed."""
        if self.editing:
            return self._complete()
        return self.at(ORDER[max(0, ORDER.index(self.step) - 1)])

    def _complete(self) -> "Draft":
        """Return the draft at the summary, or at what a report cannot do without."""
        for needed in (DraftStep.KIND, DraftStep.PLACE):
            if not self._is_filled(needed):
                return self.at(needed)
        return self.at(DraftStep.SUMMARY)

    def _is_filled(self, step: DraftStep) -> bool:
        if step is DraftStep.KIND:
            return bool(self.kind)
        if step is DraftStep.PLACE:
            return not self.place.is_empty
        if step is DraftStep.PHOTOS:
            return bool(self.photos)
        if step is DraftStep.WORDS:
            return bool(self.text)
        return False
