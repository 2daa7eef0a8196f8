# SPDX-License-Identifier: EUPL-1.2
"""Reports as a CSV file, for a spreadsheet."""

import csv
import io
from collections.abc import Iterable

from bot.domain.municipality import Municipality
from bot.domain.report import PhotoRole, Report
from bot.domain.report_kind import Kinds

COLUMNS = (
    "number", "state", "kind", "area", "place", "latitude", "longitude", "text", "reported", "expected",
    "changed", "followers", "photos", "anonymous",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(reports: Iterable[Report], kinds: Kinds, municipality: Municipality, language: str) -> bytes:
    """Return the reports as CSV in UTF-8 with its mark, so that spreadsheets read every script.

    Nobody's identity is in it. A cell that a spreadsheet would take for a formula is made plain text.
    """
    output = io.StringIO()
    writer = csv.writer(output, delimiter=";")
    writer.writerow(COLUMNS)
    for report in reports:
        kind = kinds.get(report.kind)
        point = report.place.point
        known_area = report.area is not None and report.area in municipality.areas
        cells = (
            report.id,
            report.state.value,
            kind.name(language) if kind else report.kind,
            municipality.area(report.area, language) if known_area and report.area else "",
            report.place.text,
            f"{point.lat:.5f}" if point else "",
            f"{point.lon:.5f}" if point else "",
            report.text,
            report.created_at.astimezone(municipality.zone).isoformat(timespec="minutes"),
            report.due_at.astimezone(municipality.zone).isoformat(timespec="minutes"),
            report.changed_at.astimezone(municipality.zone).isoformat(timespec="minutes"),
            report.followers,
            len(report.pictures(PhotoRole.BEFORE)),
            "yes" if report.person_id is None else "",
        )
        writer.writerow([_plain(str(cell)) for cell in cells])
    return output.getvalue().encode("utf-8-sig")


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
