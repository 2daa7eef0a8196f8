# SPDX-License-Identifier: EUPL-1.2
"""The buttons of key figures: one class for each action, at most 64 bytes."""

from aiogram.filters.callback_data import CallbackData


class Updates(CallbackData, prefix="pass-on"):
    """List the newest updates, to pass on."""


class PassOn(CallbackData, prefix="pass"):
    """Show one update as a clean message, in a language."""

    id: int
    language: str = ""


class PassedOn(CallbackData, prefix="passed"):
    """It was passed on: kept at once; where and to about how many may follow."""

    id: int
    place: str = ""
    about: int = 0


class Heard(CallbackData, prefix="heard"):
    """Tell what people say about it."""

    id: int


class SendHeard(CallbackData, prefix="heard-send"):
    """Send what was just written."""

    token: str


class Translations(CallbackData, prefix="translations"):
    """List what waits for a translation."""


class Translate(CallbackData, prefix="translate"):
    """Translate one."""

    id: int
    language: str


class SendTranslation(CallbackData, prefix="translated"):
    """Send the translation that was just shown."""

    token: str
