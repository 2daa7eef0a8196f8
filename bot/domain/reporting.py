# SPDX-License-Identifier: EUPL-1.2
"""The words by which a report is recognised, and by which a text points at a person: of one language."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReportWords:
    """How people tell that something is the matter.

    `question`: how a question begins. `here`: here and now. `wish`: saying that one wants to report.
    `beside`: what comes before a place, so that 'rubbish at the playground' is about rubbish.
    """

    question: tuple[str, ...] = ()
    here: tuple[str, ...] = ()
    wish: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrivacyWords:
    """What in a text points at a person.

    `named`: words after which a name comes, unless one of `not_names` follows. `names`: first names.
    `number`: words before a house number; it counts where one of `neighbour` is about. `group` names
    people by origin, religion or status; `adjective` does so beside one of `person`; not where `self`
    stands before. A form of `group` with a capital is only found where the text has that capital.
    """

    neighbour: tuple[str, ...] = ()
    number: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    not_names: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    adjective: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    self: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reporting:
    """The words of all languages."""

    report: Mapping[str, ReportWords]
    privacy: Mapping[str, PrivacyWords]
