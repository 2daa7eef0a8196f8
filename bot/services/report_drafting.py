# SPDX-License-Identifier: EUPL-1.2
"""Making a report, step by step: what, where, photos, words. Each step is kept at once."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.domain.errors import DomainError, StaleError, TooLongError
from bot.domain.person import Person
from bot.domain.place import LONGEST_PLACE, Place, Places, Point
from bot.domain.report import DUPLICATES_WITHIN, MOST_PHOTOS, Similar
from bot.domain.report_draft import DRAFT_WAITS, Draft, DraftStep
from bot.domain.report_kind import Kinds, ReportKind
from bot.services.ports import Clock, Media, UnitOfWork, Work
from bot.services.report_errors import (
    AboutPeopleError,
    DraftGoneError,
    NoRoomError,
    NotAPictureError,
    OutsideMunicipalityError,
    PersonalDetailError,
    PictureTooBigError,
    TooManyPhotosError,
)
from bot.services.report_ports import PictureError, Pictures
from bot.services.report_privacy import Mark, PrivacyGuard
from bot.services.report_recognition import ReportRecogniser

LONGEST_TEXT = 1000
"""Characters of the words of a report."""
PICTURE = "report-photo"
SHOWN_SIMILAR = 3


class DraftService:
    """The draft of a person: at most one."""

    def __init__(
        self,
        work: Work,
        clock: Clock,
        kinds: Kinds,
        places: Places,
        guard: PrivacyGuard,
        pictures: Pictures,
        media: Media,
        recogniser: ReportRecogniser,
    ) -> None:
        self._work = work
        self._clock = clock
        self.kinds = kinds
        self.places = places
        self.guard = guard
        self._pictures = pictures
        self._media = media
        self._recogniser = recogniser

    async def current(self, person: Person) -> Draft | None:
        """Return what the person is writing, unless it has waited longer than a day."""
        async with self._work() as unit:
            return await self.live(unit, person)

    async def begin(
        self, person: Person, language: str, *, kind: str = "", place: str | None = None, text: str = ""
    ) -> Draft:
        """Begin a new draft with what is known already; an older one is thrown away.

        Words that may not be kept are not taken over: `checked_words` says why. What belongs elsewhere is no
        kind of a report.
        """
        try:
            kept = self.checked_words(text, kind)
        except DomainError:
            kept = ""
        known = self.places.get(place)
        draft = Draft(
            token=secrets.token_hex(8),
            language=language,
            updated_at=self._clock.now(),
            kind=kind if self._is_here(kind) else "",
            place=Place(known.name, None, known.id) if known else Place(),
            text=kept,
        )
        if draft.kind:
            draft = draft.after(DraftStep.KIND)
        async with self._work() as unit:
            await unit.drafts.keep(person.id, draft)
            await unit.commit(repeatable=True)
        return draft

    async def set_kind(self, person: Person, token: str, kind: str) -> Draft:
        """Say what it is about. Raises StaleError for an old button or a kind that does not exist."""
        if not self._is_here(kind):
            raise StaleError
        return await self._change(
            person, token, lambda draft: replace(draft, kind=kind).after(DraftStep.KIND)
        )

    def kind_of(self, text: str) -> str:
        """Return the kind that a text names, or an empty string."""
        return self._recogniser.kind_of(text)

    async def describe(self, person: Person, kind: str, text: str, taken: int) -> Draft:
        """Take a typed description as kind, when one was recognised, as words, and for the place it names.

        Raises PersonalDetailError, AboutPeopleError, TooLongError, StaleError.
        """
        kept = self.checked_words(text, kind)

        known = self.places.named_in(text)

        def change(draft: Draft) -> Draft:
            changed = replace(draft, text=kept)
            if known is not None and draft.place.is_empty:
                changed = replace(changed, place=Place(known.name, None, known.id))
            return replace(changed, kind=kind).after(DraftStep.KIND) if self._is_here(kind) else changed

        return await self._change(person, None, change, taken)

    async def set_place_text(self, person: Person, text: str, taken: int) -> Draft:
        """Say where it is, in words; a known place is recognised.

        Raises PersonalDetailError, AboutPeopleError, TooLongError.
        """
        text = " ".join(text.split())
        if len(text) > LONGEST_PLACE:
            raise TooLongError(length=len(text), limit=LONGEST_PLACE)
        marks = self.guard.marks(text, place=True)
        if marks:
            raise PersonalDetailError(text, marks)
        if self.guard.is_about_people(text):
            raise AboutPeopleError
        known = self.places.named_in(text)
        if known is not None and known.name.casefold() not in text.casefold():
            # So that the person sees what was recognised, and whoever acts can read it in any script.
            text = f"{text} ({known.name})"
        place = Place(text, None, known.id if known else None)
        return await self._change(
            person, None, lambda draft: replace(draft, place=place).after(DraftStep.PLACE), taken
        )

    async def set_known_place(self, person: Person, token: str, place_id: str) -> Draft:
        """Say where it is, by a button."""
        known = self.places.get(place_id)
        if known is None:
            raise StaleError
        place = Place(known.name, None, known.id)
        return await self._change(
            person, token, lambda draft: replace(draft, place=place).after(DraftStep.PLACE)
        )

    async def set_location(self, person: Person, lat: float, lon: float) -> Draft:
        """Say where it is, by a shared location. Words that were typed before stay with it.

        Raises OutsideMunicipalityError.
        """
        # Five decimals are a metre: more would only be noise.
        point = Point(round(lat, 5), round(lon, 5))
        if not self.places.bounds.hold(point):
            raise OutsideMunicipalityError

        def change(draft: Draft) -> Draft:
            near = self.places.near(point)
            known = draft.place.known or (near.id if near else None)
            changed = replace(draft, place=Place(draft.place.text, point, known))
            return changed.after(DraftStep.PLACE) if draft.step is DraftStep.PLACE else changed

        return await self._change(person, None, change)

    async def add_photo(self, person: Person, content: bytes) -> Draft:
        """Add a picture: cleaned, scaled, each one once.

        Raises NotAPictureError, PictureTooBigError, TooManyPhotosError, NoRoomError (the disk is full); the
        draft is as it was.
        """
        draft = await self.current(person)
        if draft is None:
            raise DraftGoneError
        if len(draft.photos) >= MOST_PHOTOS:
            raise TooManyPhotosError
        media_id = await self.keep_picture(content)

        def change(draft: Draft) -> Draft:
            if media_id in draft.photos:
                return draft
            if len(draft.photos) >= MOST_PHOTOS:
                raise TooManyPhotosError
            return replace(draft, photos=(*draft.photos, media_id))

        return await self._change(person, None, change)

    async def keep_picture(self, content: bytes) -> str:
        """Clean a picture and store it. Raises NotAPictureError, PictureTooBigError, NoRoomError."""
        try:
            cleaned = await self._pictures.clean(content)
        except PictureError as error:
            if error.key == PictureTooBigError.key:
                raise PictureTooBigError from error
            raise NotAPictureError from error
        try:
            return (await self._media.store(cleaned, PICTURE, "image/jpeg")).id
        except OSError as error:
            raise NoRoomError from error

    async def without_photos(self, person: Person, token: str) -> Draft:
        """Take all photos off."""
        return await self._change(
            person, token, lambda draft: replace(draft, photos=()).at(DraftStep.PHOTOS, editing=draft.editing)
        )

    async def add_words(self, person: Person, text: str) -> Draft:
        """Add what stands below a photo to the words there are; the step stays.

        Raises PersonalDetailError, AboutPeopleError, TooLongError.
        """
        return await self._change(
            person,
            None,
            lambda draft: replace(draft, text=self._joined(draft.text, text, draft.kind)),
        )

    async def without_words(self, person: Person, token: str) -> Draft:
        """Take the words off."""
        return await self._change(
            person, token, lambda draft: replace(draft, text="").at(DraftStep.WORDS, editing=draft.editing)
        )

    async def say(self, person: Person, text: str, taken: int) -> Draft:
        """Say it in words: in the place of those there are where words are asked, else added to them.

        Raises PersonalDetailError, AboutPeopleError, TooLongError.
        """

        def change(draft: Draft) -> Draft:
            earlier = "" if draft.step is DraftStep.WORDS else draft.text
            return replace(draft, text=self._joined(earlier, text, draft.kind)).after(DraftStep.WORDS)

        return await self._change(person, None, change, taken)

    def checked_words(self, text: str, kind: str) -> str:
        """Return words as they may be kept. Raises PersonalDetailError, AboutPeopleError, TooLongError."""
        text = text.strip()
        if len(text) > LONGEST_TEXT:
            raise TooLongError(length=len(text), limit=LONGEST_TEXT)
        if self.guard.is_about_people(text):
            raise AboutPeopleError
        marks = self._marks(text, kind)
        if marks:
            raise PersonalDetailError(text, marks)
        return text

    async def skip(self, person: Person, token: str, step: DraftStep) -> Draft:
        """Go on without filling in a step; pressed twice it skips one. Raises StaleError for a needed one."""
        if step in {DraftStep.KIND, DraftStep.PLACE, DraftStep.SUMMARY}:
            raise StaleError
        return await self._change(
            person, token, lambda draft: draft.after(step) if draft.step is step else draft
        )

    async def back(self, person: Person, token: str, step: DraftStep) -> Draft:
        """Go one step back from a step; pressed twice it goes one back."""
        return await self._change(person, token, lambda draft: draft.back() if draft.step is step else draft)

    async def edit(self, person: Person, token: str, step: DraftStep) -> Draft:
        """Change one part, and come back to the summary.

        Raises StaleError for what is no part, or cannot be filled in before it is said what it is about.
        """

        def change(draft: Draft) -> Draft:
            if step is DraftStep.SUMMARY or (not draft.kind and step is not DraftStep.KIND):
                raise StaleError
            return draft.at(step, editing=bool(draft.kind))

        return await self._change(person, token, change)

    async def mine_is_another(self, person: Person, token: str) -> Draft:
        """Say that the similar reports that were shown are about something else."""
        similar = await self.similar(person)
        shown = tuple(each.report_id for each in similar)
        return await self._change(
            person, token, lambda draft: replace(draft, seen=tuple(dict.fromkeys((*draft.seen, *shown))))
        )

    async def later(self, person: Person, token: str) -> Draft:
        """Let the draft wait: it has another day. Raises StaleError."""
        return await self._change(person, token, lambda draft: draft)

    async def drop(self, person: Person, token: str) -> None:
        """Throw the draft away. Raises StaleError."""
        async with self._work() as unit:
            draft = await self.live(unit, person)
            if draft is None or draft.token != token:
                raise DraftGoneError
            await unit.drafts.drop(person.id)
            await unit.commit()

    async def similar(self, person: Person) -> Sequence[Similar]:
        """Return open reports that may be about the same, and were not said to be others."""
        async with self._work() as unit:
            draft = await self.live(unit, person)
            found = await self.similar_to(unit, draft) if draft is not None else ()
        seen = draft.seen if draft is not None else ()
        return [each for each in found if each.report_id not in seen][:SHOWN_SIMILAR]

    async def similar_to(self, unit: UnitOfWork, draft: Draft) -> Sequence[Similar]:
        """Return open reports that may be about the same as a draft, the nearest first."""
        if not draft.kind or draft.place.is_empty:
            return ()
        since = self._clock.now() - DUPLICATES_WITHIN
        return await unit.reports.similar(draft.kind, draft.place, since, self.kinds[draft.kind].radius)

    async def clean(self) -> int:
        """Throw away drafts that nobody continued; returns how many."""
        async with self._work() as unit:
            number = await unit.drafts.drop_older(self._clock.now() - DRAFT_WAITS)
            await unit.commit()
        return number

    def kind(self, kind_id: str) -> ReportKind:
        """Return a kind that belongs here. Raises StaleError for one that does not (any more)."""
        if not self._is_here(kind_id):
            raise StaleError
        return self.kinds[kind_id]

    def elsewhere(self, kind_id: str) -> ReportKind:
        """Return a kind that belongs elsewhere. Raises StaleError for any other."""
        kind = self.kinds.get(kind_id)
        if kind is None or not kind.elsewhere:
            raise StaleError
        return kind

    def _is_here(self, kind_id: str) -> bool:
        return kind_id in self.kinds and not self.kinds[kind_id].elsewhere

    def _joined(self, earlier: str, text: str, kind: str) -> str:
        """Return both as one text, the same words once. Raises what `checked_words` raises."""
        added = self.checked_words(text, kind)
        if not earlier or added in earlier.split("\n"):
            return earlier or added
        if len(earlier) + len(added) >= LONGEST_TEXT:
            raise TooLongError(length=len(earlier) + len(added) + 1, limit=LONGEST_TEXT)
        return f"{earlier}\n{added}"

    def _marks(self, text: str, kind: str) -> tuple[Mark, ...]:
        near_homes = kind in self.kinds and self.kinds[kind].near_homes
        return self.guard.marks(text, near_homes=near_homes)

    async def live(self, unit: UnitOfWork, person: Person) -> Draft | None:
        """Return what the person is writing, unless it has waited longer than a day."""
        draft = await unit.drafts.get(person.id)
        if draft is None or draft.updated_at < self._clock.now() - DRAFT_WAITS:
            return None
        # The kinds may have changed since it was begun.
        known = not draft.kind or self._is_here(draft.kind)
        return draft if known else replace(draft, kind="", step=DraftStep.KIND)

    async def _change(
        self, person: Person, token: str | None, change: Callable[[Draft], Draft], taken: int = 0
    ) -> Draft:
        """Change the draft, in one transaction. Raises DraftGoneError when it is gone, or is another one.

        Every change may be repeated after a crash and then only says again what comes next, so none of them
        marks its update as handled: the person is sure to get the answer.
        """
        async with self._work() as unit:
            draft = await self.live(unit, person)
            if draft is None or (token is not None and draft.token != token):
                raise DraftGoneError
            changed = replace(change(draft), updated_at=self._clock.now(), taken=taken or draft.taken)
            await unit.drafts.keep(person.id, changed)
            await unit.commit(repeatable=True)
        return changed
