"""The sites with whose accounts members sign in."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def social_sites() -> list[dict[str, str]]:
    """Id and name of each site of SOCIAL_SIGN_IN, and nothing secret; no query."""
    return [{"id": site["id"], "name": site["name"]} for site in settings.SOCIAL_SIGN_IN]
