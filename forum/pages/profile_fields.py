"""What a profile says of a member, and to whom: each field with a visibility of its own.

The one place that decides it, for every page: profiles, posts, pages of experts. Nobody but the member sees more than
the visibility allows, moderators neither; of who is banned others see nothing.
"""

from typing import Any

from accounts.models import User
from accounts.readers import ReaderFacts
from accounts.trust_levels import TABLE, Trust
from forum import markup

FIELDS = ("bio", "location", "languages", "travels_by", "countries_known", "home_page", "signature")
ShownTo = User.ShownTo


def may_see(reader: ReaderFacts, member: Any, field: str) -> bool:
    """Whether a reader may see a field of a member's profile."""
    if reader.is_authenticated and reader.pk == member.pk:
        return True
    return not member.is_banned and is_shown(getattr(member, f"{field}_for"), is_authenticated=reader.is_authenticated)


def is_shown(shown_to: str, *, is_authenticated: bool) -> bool:
    """Whether others see what has this visibility."""
    return shown_to == ShownTo.EVERYONE or (shown_to == ShownTo.MEMBERS and is_authenticated)


def shown(reader: ReaderFacts, member: User) -> dict[str, Any]:
    """The fields of a profile that have something in them and that this reader may see, by name. Bio and signature as
    sanitised HTML. The home page is shown from member trust on."""
    values: dict[str, Any] = {
        "bio": html_of(member, "bio"),
        "location": member.location,
        "languages": member.languages,
        "travels_by": ways_of(member),
        "countries_known": member.countries_known,
        "home_page": member.home_page if _can_show_links(member.trust, is_staff=member.is_staff) else "",
        "signature": html_of(member, "signature"),
    }
    return {field: value for field, value in values.items() if value and may_see(reader, member, field)}


def name_of(field: str) -> str:
    """A field in words: "about yourself"."""
    return str(User._meta.get_field(field).verbose_name)  # type: ignore[union-attr]


def html_of(member: User, field: str) -> str:
    """The sanitised HTML of bio or signature."""
    text, html = getattr(member, field), getattr(member, f"{field}_html")
    return safe_html(text, html, can_show_links=_can_show_links(member.trust, is_staff=member.is_staff))


def safe_html(text: str, html: str, *, can_show_links: bool) -> str:
    """Their HTML as it was rendered; as typed where it has none yet, or links that its member may no longer show."""
    if html and (can_show_links or "<a " not in html):
        return html
    return markup.with_marks(text)


def signature_below(reader: ReaderFacts, author: Any) -> str:
    """What stands under a post, as sanitised HTML; empty for readers who want no signatures.

    `author` is a User, or a row with the same names.
    """
    if not author.signature or (reader.is_authenticated and not reader.has_signatures):
        return ""
    if author.banned_at is not None or not is_shown(author.signature_for, is_authenticated=reader.is_authenticated):
        return ""
    can_show_links = _can_show_links(author.trust, is_staff=author.is_staff)
    return safe_html(author.signature, author.signature_html, can_show_links=can_show_links)


def ways_of(member: User) -> str:
    """How they travel, in words: "bicycle, car"."""
    return ", ".join(label.lower() for way, label in User.Way.choices if way in member.travels_by)


def _can_show_links(trust: int, *, is_staff: bool) -> bool:
    return TABLE[Trust.TRUSTED if is_staff else Trust(trust)].can_show_links
