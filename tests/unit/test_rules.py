# SPDX-License-Identifier: EUPL-1.2
"""Rules of the domain, settings and logs."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.domain.errors import NotAllowedError, StaleError
from bot.domain.person import Person, Role
from bot.domain.question import ALLOWED, QuestionState, change
from bot.logs import redact
from bot.settings import Settings


def person(*roles: Role) -> Person:
    return Person(1, "nl", True, frozenset(roles), datetime.now(UTC))


def test_everybody_is_a_resident_and_nobody_is_more_by_nature() -> None:
    assert person().has(Role.RESIDENT)
    assert not person().has(Role.AREA_MANAGER)
    with pytest.raises(NotAllowedError):
        person(Role.KEY_FIGURE).require(Role.AREA_MANAGER, Role.ADMINISTRATOR)


@pytest.mark.parametrize("present", QuestionState)
@pytest.mark.parametrize("wanted", QuestionState)
def test_only_listed_changes_of_a_question_exist(present: QuestionState, wanted: QuestionState) -> None:
    if wanted in ALLOWED[present]:
        assert change(present, wanted) is wanted
    else:
        with pytest.raises(StaleError):
            change(present, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("bot 123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc failed", "bot [token] failed"),
        ("call 06 1234 5678 now", "call [number] now"),
        ("mail jan.jansen@example.nl", "mail [mail]"),
        ("/?start=u0HGpWSoT7S-d9XU1I1wEJxO3vN4cxK8", "/?start=[invitation]"),
        ("postgresql://user:secret@db/x", "postgresql://[login]@db/x"),
        ("question 12 took 0.5 s at 2026-11-23", "question 12 took 0.5 s at 2026-11-23"),
    ],
)
def test_logs_lose_what_looks_personal(text: str, wanted: str) -> None:
    assert redact(text) == wanted


def test_a_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, _env_file=None)
    (first,) = settings.keys()
    assert settings.keys() == [first]
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_several_keys_the_first_one_first() -> None:
    new, old = "n" * 40, "o" * 40
    assert Settings(secret_key=f"{new}, {old}", _env_file=None).keys() == [new.encode(), old.encode()]


def test_a_webhook_without_tls_is_refused_with_the_remedy() -> None:
    with pytest.raises(ValidationError, match="BUURTBRUG_PUBLIC_URL"):
        Settings(telegram_token="1:x", telegram_mode="webhook", _env_file=None)


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("postgresql://a@b/c", "postgresql+asyncpg://a@b/c"),
        ("postgres://a@b/c", "postgresql+asyncpg://a@b/c"),
        ("sqlite:///x.db", "sqlite+aiosqlite:///x.db"),
    ],
)
def test_the_database_is_chosen_by_its_address(given: str, driver: str) -> None:
    assert Settings(database_url=given, _env_file=None).database == driver
