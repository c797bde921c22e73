"""Maps that were drawn, by what they show. A page draws one that is missing in memory: a visit writes nothing."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache

from django.db.models import FETCH_RAISE, QuerySet

from crossings.maps import sheets
from crossings.maps.atlas import Atlas
from crossings.maps.sheets import Drawing, Sheet
from crossings.models import Crossing, DrawnMap
from pagecache.prepared import text_mark
from pagecache.prepared_models import instances

DRAWN_IN_MEMORY = 64
_drawing = threading.Lock()
LOWEST_PRIORITY = 19


def find(wanted: list[Sheet]) -> dict[Sheet, Drawing]:
    """The maps of these sheets, in one query. At most one of them is drawn now, and one at a time in each process,
    because what is drawn from takes half a second and 67 MB; what is missing comes another time."""
    keys = {sheet.key: sheet for sheet in wanted}
    stored = instances(("drawn maps", len(keys)), lambda: _stored(len(keys)), *keys) if keys else []
    found = {keys[one.key]: Drawing(one.svg, one.labels, one.has_disputed) for one in stored}
    missing = [sheet for sheet in wanted if sheet not in found]
    if missing and _drawing.acquire(blocking=False):
        try:
            found |= _drawn_now(missing)
        finally:
            _drawing.release()
    return found


def _stored(count: int) -> QuerySet[DrawnMap]:
    keys = [text_mark(place) for place in range(count)]
    return DrawnMap.objects.filter(key__in=keys).defer("drawn_at").fetch_mode(FETCH_RAISE)


def _drawn_now(missing: list[Sheet]) -> dict[Sheet, Drawing]:
    """The first of them, and what other pages had drawn."""
    found = {}
    for sheet in missing:
        before = draw_now.cache_info().misses
        found[sheet] = draw_now(sheet)
        if draw_now.cache_info().misses > before:
            break
    return found


@lru_cache(DRAWN_IN_MEMORY)
def draw_now(sheet: Sheet) -> Drawing:
    return _draw(Atlas(), sheet)


def _draw(atlas: Atlas, sheet: Sheet) -> Drawing:
    """Draw with shapely and numpy, imported here: processes that never draw do without their memory."""
    from crossings.maps.svg import draw

    return draw(atlas, *sheet)


def draw_missing(most: int | None = None, tell: Callable[[int, int], object] = lambda done, all_: None) -> bool:
    """Draw and store what pages may ask for, and forget what none asks for any more. Whether some are left.

    One at a time and at the lowest priority, so that pages come first where a first start draws all of them.
    """
    wanted = {sheet.key: sheet for sheet in sheets.all_sheets(_as_far_as_drawn())}
    known = set(DrawnMap.objects.values_list("key", flat=True))
    DrawnMap.objects.filter(key__in=known - set(wanted)).delete()
    missing = [key for key in wanted if key not in known]
    atlas, now = Atlas(), missing[:most]
    with ThreadPoolExecutor(1, initializer=_give_way) as drawer:
        for number, key in enumerate(now, 1):
            drawing = drawer.submit(_draw, atlas, wanted[key]).result()
            said = {"svg": drawing.svg, "labels": drawing.labels, "has_disputed": drawing.has_disputed}
            DrawnMap.objects.update_or_create(key=key, defaults=said)
            tell(number, len(now))
    return len(now) < len(missing)


def _as_far_as_drawn() -> QuerySet[Crossing]:
    shown = ["name", "longitude", "latitude", "country_a_id", "country_b_id"]
    return Crossing.objects.only(*shown).order_by("pk").fetch_mode(FETCH_RAISE)


def _give_way() -> None:
    """Lower the priority of this thread alone, as Linux can, until it ends: only root could raise it again."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOWEST_PRIORITY)
