# SPDX-License-Identifier: EUPL-1.2
"""The settings refuse what would only fail later, and say how to mend it."""

import pytest
from pydantic import ValidationError

from bot.settings import Settings


@pytest.mark.parametrize(
    "key", ["short", "a-key-that-is-long-enough,short", "a-key-that-is-long-enough, short"]
)
def test_a_key_that_could_be_guessed_is_refused(key):
    with pytest.raises(ValidationError, match="at least 16 characters"):
        Settings(_env_file=None, secret_key=key)


def test_keys_are_divided_by_commas_and_the_first_one_writes():
    settings = Settings(_env_file=None, secret_key="the-new-key-0123456, the-old-key-0123456,")
    assert settings.keys() == [b"the-new-key-0123456", b"the-old-key-0123456"]


def test_a_webhook_needs_an_address_with_tls():
    with pytest.raises(ValidationError, match="BUURTBRUG_PUBLIC_URL=https"):
        Settings(
            _env_file=None, telegram_token="1:x", telegram_mode="webhook", public_url="http://example.nl"
        )
