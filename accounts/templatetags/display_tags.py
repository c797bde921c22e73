"""Template tags and filters for icons, avatars, numbers and times."""

from datetime import date, datetime
from functools import cache, lru_cache

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User
from accounts.permissions import can_invite
from accounts.text.plain_text import isolated
from accounts.time_zone import with_utc

register = template.Library()
register.filter(can_invite)


@register.filter
def number(value: int) -> str:
    """A count with thousands separators: 12,345. Not for ids and URLs."""
    return f"{value:,}"


register.filter("isolated", isolated)


@cache
def _sprite() -> str:
    return static("img/sprite.svg")


@register.simple_tag
@lru_cache(500)
def icon(name: str) -> SafeString:
    """An icon of the SVG sprite, hidden from screen readers: the text beside it says the same."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', _sprite(), name)


@register.simple_tag
def avatar(user: User) -> SafeString:
    return format_html('<span class="avatar colour-{}" aria-hidden="true">{}</span>', user.colour, user.initials)


@register.simple_tag
def when(moment: datetime) -> SafeString:
    """A <time> with date and hour, which a script may make relative."""
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" data-when>{}</time>',
        local.isoformat(timespec="minutes"),
        written(local, "j M Y, H:i"),
    )


@register.simple_tag
def lately(moment: datetime) -> SafeString:
    """A <time> with the date alone, for lists, which a script may make relative."""
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" data-when>{}</time>',
        local.isoformat(timespec="minutes"),
        written(local, "j M Y"),
    )


@register.simple_tag
def briefly(moment: datetime) -> SafeString:
    """A <time> in a list by day: the hour today and yesterday, the day before that."""
    local = timezone.localtime(moment)
    age = timezone.localdate() - local.date()
    shown = "H:i" if age.days < 2 else "j M" if age.days < 300 else "j M Y"
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), written(local, shown))


@register.simple_tag
def day(moment: datetime) -> SafeString:
    local = timezone.localtime(moment)
    return format_html('<time datetime="{}">{}</time>', local.date().isoformat(), written(local, "j F Y"))


@register.simple_tag
def moment(moment: datetime) -> SafeString:
    """A <time> with day and hour, and the hour in UTC where the reader's time zone is another."""
    local = timezone.localtime(moment)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), with_utc(moment))


@register.simple_tag
@lru_cache(2_000)
def on(day: date) -> SafeString:
    """A <time> of a date without an hour, such as the day of a crossing."""
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), written(day, "j M Y"))


@register.simple_tag
def month(moment: datetime) -> SafeString:
    local = timezone.localtime(moment)
    return format_html('<time datetime="{}">{}</time>', written(local, "Y-m"), written(local, "M Y"))
