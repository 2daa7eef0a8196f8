# SPDX-License-Identifier: EUPL-1.2
"""What the answer to a voice message, a picture, a place or something else looks like."""

from bot.i18n import Texts
from handlers.menu import resident_rows
from handlers.screen import Screen


def unknown_command(texts: Texts) -> Screen:
    """Say that the command does not exist, and show what does."""
    return Screen(texts("other.command"), resident_rows(texts))


def spoken(texts: Texts) -> Screen:
    """Say that voices cannot be listened to yet."""
    return Screen(texts("other.voice"), resident_rows(texts))


def picture(texts: Texts) -> Screen:
    """Ask what the picture is about."""
    return Screen(texts("other.picture"), resident_rows(texts))


def place(texts: Texts) -> Screen:
    """Ask what is the matter at the place."""
    return Screen(texts("other.place"), resident_rows(texts))


def something_else(texts: Texts) -> Screen:
    """Answer a sticker and the like."""
    return Screen(texts("other.something"), resident_rows(texts))
