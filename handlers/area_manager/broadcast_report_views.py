# SPDX-License-Identifier: EUPL-1.2
"""What became of a broadcast: the live report, correcting, withdrawing."""

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from bot.domain.broadcast import Broadcast, BroadcastState, Copies, Run
from bot.domain.group import Group
from bot.domain.outgoing import Button, DeliveryState
from bot.i18n import Texts
from bot.services.releasing import languages_of
from handlers.area_manager.broadcast_callbacks import (
    Correct,
    OpenBroadcast,
    RetryFailed,
    SendCorrection,
    UndoBroadcast,
    Withdraw,
)
from handlers.screen import Rows, Screen, button

ORDER = (
    DeliveryState.SENT,
    DeliveryState.QUEUED,
    DeliveryState.BLOCKED,
    DeliveryState.GONE,
    DeliveryState.FAILED,
    DeliveryState.UNKNOWN,
    DeliveryState.CANCELLED,
)
GROUPS = 15


def report(
    broadcast: Broadcast,
    run: Run,
    counts: Sequence[Copies],
    groups: Sequence[tuple[Group, str, str]],
    texts: Texts,
) -> Screen:
    """Show the report: by language, then group by group; unknown outcomes apart."""
    if not counts:
        return Screen(
            texts("report.beginning", number=broadcast.id, time=texts.time(run.starts_at)),
            _undo(run, texts),
        )
    by_language: dict[str, Counter[str]] = {}
    for each in counts:
        state = DeliveryState.QUEUED.value if each.state == DeliveryState.LEASED.value else each.state
        by_language.setdefault(each.language, Counter())[state] += each.number
    total = sum((counter for counter in by_language.values()), Counter())
    waiting = total[DeliveryState.QUEUED.value]
    meant = sum(total.values()) - total[DeliveryState.CANCELLED.value]
    if 0 < waiting == meant:  # nothing has left: it can still be undone, or has just begun
        head = texts("report.beginning", number=broadcast.id, time=texts.time(run.starts_at))
    else:
        key = "report.head.under-way" if waiting else "report.head.done"
        head = texts(key, number=broadcast.id, sent=total[DeliveryState.SENT.value], all=meant)
    lines: list[str | Markup] = [head]
    lines += [_line(language, counter, texts) for language, counter in sorted(by_language.items())]
    if groups:
        lines.append("")
        lines += [
            texts(
                "report.group",
                title=group.title,
                languages=_names(language, texts),
                state=texts.label(f"delivery.{state}"),
            )
            for group, language, state in groups[:GROUPS]
        ]
        if len(groups) > GROUPS:
            lines.append(texts.count("groups.and-more", len(groups) - GROUPS))
    if run.left_out:
        lines.append(texts("report.left-out", languages=_names("+".join(sorted(run.left_out)), texts)))
    if total[DeliveryState.UNKNOWN.value]:
        lines.append(texts("report.unknown", number=total[DeliveryState.UNKNOWN.value]))
    return Screen("\n".join(lines), _rows(broadcast, run, total, texts))


def _rows(broadcast: Broadcast, run: Run, total: Counter[str], texts: Texts) -> Rows:
    rows = []
    failed = total[DeliveryState.FAILED.value]
    if failed and broadcast.state is not BroadcastState.WITHDRAWN:
        rows.append([button(texts.label("report.retry", number=failed), RetryFailed(run=run.id))])
    if total[DeliveryState.QUEUED.value] and not total[DeliveryState.SENT.value]:
        rows += _undo(run, texts)
    rows.append([button(texts.label("broadcast.open", number=broadcast.id), OpenBroadcast(id=broadcast.id))])
    return rows


def _undo(run: Run, texts: Texts) -> list[list[Button]]:
    """Return the button to take it back, where there was time given for that."""
    if run.starts_at <= run.released_at:
        return []
    return [[button(texts.label("broadcast.undo"), UndoBroadcast(run=run.id))]]


def _line(language: str, counter: Counter[str], texts: Texts) -> Markup:
    states = [
        f"{texts.label(f'delivery.{state}')} {texts.number(counter[state.value])}"
        for state in ORDER
        if counter[state.value]
    ]
    return texts("report.line", languages=_names(language, texts), states=" · ".join(states))


def _names(stored: str, texts: Texts) -> str:
    return " + ".join(texts.languages.get(code).name for code in languages_of(stored))


def which_language(broadcast: Broadcast, texts: Texts) -> Screen:
    """Ask which language is to be corrected."""
    rows = [
        [
            button(
                texts.languages.get(language).name,
                Correct(id=broadcast.id, version=broadcast.version, language=language),
            )
        ]
        for language in texts.languages.codes
        if language in broadcast.texts and broadcast.texts[language].text
    ]
    return Screen(
        texts("correct.which", number=broadcast.id),
        [*rows, [button(texts.label("button.back"), OpenBroadcast(id=broadcast.id))]],
    )


def write_correction(broadcast: Broadcast, language: str, texts: Texts) -> Screen:
    """Invite to write the right text, with the present one to copy."""
    present = broadcast.texts[language].text
    return Screen(
        texts(
            "correct.write",
            language=texts.languages.get(language).name,
            text=Markup(present),  # noqa: S704 - made from the message's own entities
        ),
        [[button(texts.label("button.back"), OpenBroadcast(id=broadcast.id))]],
    )


def confirm_correction(number: int, text: str, token: str, texts: Texts) -> Screen:
    """Show the correction once more before it goes to those who got the wrong text."""
    shown = Markup(text)  # noqa: S704 - made from the message's own entities
    return Screen(
        texts("correct.confirm", number=number, text=shown),
        [
            [button(texts.label("correct.send"), SendCorrection(token=token))],
            [button(texts.label("button.back"), OpenBroadcast(id=number))],
        ],
    )


def withdraw_sure(broadcast: Broadcast, token: str, texts: Texts) -> Screen:
    """Ask once more before it is withdrawn: that can't be undone."""
    return Screen(
        texts("withdraw.sure", number=broadcast.id),
        [
            [button(texts.label("broadcast.withdraw"), Withdraw(id=broadcast.id, token=token))],
            [button(texts.label("button.back"), OpenBroadcast(id=broadcast.id))],
        ],
    )


def withdrawn(broadcast: Broadcast, texts: Texts) -> Screen:
    """Confirm that it was withdrawn."""
    return Screen(
        texts("withdraw.done", number=broadcast.id),
        [[button(texts.label("broadcast.open", number=broadcast.id), OpenBroadcast(id=broadcast.id))]],
    )
