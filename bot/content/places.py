# SPDX-License-Identifier: EUPL-1.2
"""Reading `places.toml`."""

from pathlib import Path
from typing import Any

from bot.answers.normalise import normalise
from bot.content.loader import ContentError, read_toml
from bot.domain.place import Bounds, KnownPlace, Places, Point

EVERYWHERE = Bounds(-90, -180, 90, 180)


def load_places(folder: Path) -> Places:
    """Read the known places of a municipality. Raises ContentError when something is malformed."""
    path = folder / "places.toml"
    raw = read_toml(path)
    try:
        bounds = Bounds(**raw["bounds"]) if "bounds" in raw else EVERYWHERE
        places = [_place(key, value) for key, value in raw.get("places", {}).items()]
    except (KeyError, TypeError, ValueError) as error:
        raise ContentError(f"{path}: {error!r} is missing or malformed") from error
    for place in places:
        if place.point is not None and not bounds.hold(place.point):
            raise ContentError(f"{path}: {place.id} lies outside [bounds]")
    return Places(places, bounds, normalise)


def _place(key: str, raw: dict[str, Any]) -> KnownPlace:
    point = Point(*map(float, raw["point"])) if "point" in raw else None
    return KnownPlace(
        id=key,
        name=raw["name"],
        area=raw.get("area"),
        aliases=tuple(raw.get("aliases", ())),
        point=point,
        approximate=bool(raw.get("approximate", True)),
        reach=float(raw.get("reach", 0)),
        unlike=tuple(raw.get("unlike", ())),
    )
