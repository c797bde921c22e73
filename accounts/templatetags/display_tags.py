"""Small pieces of the look that every page uses: icons, avatars, times."""

from datetime import date, datetime
from functools import cache

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User

register = template.Library()


@register.filter
def number(value: int) -> str:
    """A count as people read it: 12,345. Not for the numbers in addresses and ids."""
    return f"{value:,}"


@cache
def _sprite() -> str:
    return static("img/sprite.svg")


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing of the sprite. It only decorates: words beside it say the same."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', _sprite(), name)


@register.simple_tag
def avatar(user: User) -> SafeString:
    return format_html('<span class="avatar colour-{}" aria-hidden="true">{}</span>', user.colour, user.initials)


@register.simple_tag
def when(moment: datetime) -> SafeString:
    """A moment in absolute words; a script may make it relative."""
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" data-when>{}</time>',
        local.isoformat(timespec="minutes"),
        written(local, "j M Y, H:i"),
    )


@register.simple_tag
def lately(moment: datetime) -> SafeString:
    """For lists: the date alone; a script may make it relative."""
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" data-when>{}</time>',
        local.isoformat(timespec="minutes"),
        written(local, "j M Y"),
    )


@register.simple_tag
def day(moment: datetime) -> SafeString:
    local = timezone.localtime(moment)
    return format_html('<time datetime="{}">{}</time>', local.date().isoformat(), written(local, "j F Y"))


@register.simple_tag
def on(day: date) -> SafeString:
    """A date that has no hour, such as that of a crossing."""
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), written(day, "j M Y"))


@register.simple_tag
def month(moment: datetime) -> SafeString:
    local = timezone.localtime(moment)
    return format_html('<time datetime="{}">{}</time>', written(local, "Y-m"), written(local, "M Y"))
