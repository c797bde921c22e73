"""Setting the rules of a subforum or of the whole forum, and recording which members have read them."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum import markup
from forum.counters import increments
from forum.models import RulesBanner, RulesRead, RulesVersion, Subforum
from forum.permissions import can_moderate
from pagecache.prepared import MARK, run
from pagecache.prepared_models import instances


@dataclass
class RulesChangedMeanwhile(Exception):
    """Edit conflict: somebody else changed the rules since the form was opened; `banner` is their current state."""

    banner: RulesBanner


@transaction.atomic
def set_rules(
    user: User,
    subforum: Subforum | None,
    *,
    introduction: str,
    rules: list[str],
    reason: str = "",
    based_on: int | None = None,
) -> RulesBanner:
    """Replace the rules, and keep each version as a RulesVersion. Idempotent. Checks no permission.

    `based_on` is the version that the form was opened with, 0 for none; None skips the check. Raises
    RulesChangedMeanwhile, and ValidationError from forum.markup.
    """
    # An advisory lock, because before the first rules there is no row to lock.
    name = f"rules {subforum.pk if subforum else 'of all'}"
    run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name], writes=RulesBanner)
    banner = RulesBanner.objects.select_for_update(no_key=True, of=("self",)).filter(subforum=subforum).first()
    if banner and (banner.introduction, banner.rules) == (introduction, rules):
        return banner
    if banner and based_on is not None and banner.version != based_on:
        raise RulesChangedMeanwhile(banner)
    # Topics and subforums are locked before the site's version, which every change of rules raises.
    increments.end_kept_pages(Subforum.objects.filter(pk=subforum.pk) if subforum else Subforum.objects.all())
    stands = {"introduction": introduction, "rules": rules, "set_by": user, "set_at": timezone.now()}
    number = banner.version + 1 if banner else 1
    values = stands | _rendered(rules) | {"version": number}
    banner, _ = RulesBanner.objects.update_or_create(subforum=subforum, defaults=values)
    RulesVersion.objects.create(banner=banner, number=number, reason=reason, **stands)
    return banner


@transaction.atomic
def render_anew(pk: int) -> None:
    """Render the rules of one banner with the current markup, without a new version. ValidationError from forum.markup.

    Cached pages are invalidated by the site's version, which a trigger raises (migration 0008).
    """
    banner = RulesBanner.objects.select_for_update(no_key=True).get(pk=pk)
    RulesBanner.objects.filter(pk=pk).update(**_rendered(banner.rules))


def must_confirm(user: User, subforum: Subforum) -> bool:
    """Whether a member must confirm the rules: this is their first post here, and they have not yet. One query."""
    if can_moderate(user, subforum):
        return False
    [(asks,)] = run(_MUST_CONFIRM, {"subforum": subforum.pk, "user": user.pk}, writes=RulesRead)
    return asks


# Most who write in a subforum did so lately: their newest posts are looked at before all of them, which for members
# with thousands of posts took PostgreSQL half a millisecond a reply.
_MUST_CONFIRM = """
    SELECT EXISTS (SELECT FROM forum_rulesbanner WHERE subforum_id = %(subforum)s OR subforum_id IS NULL)
       AND NOT EXISTS (SELECT FROM forum_rulesread WHERE user_id = %(user)s AND subforum_id = %(subforum)s)
       AND NOT EXISTS (
           SELECT FROM (
               SELECT topic_id FROM forum_post WHERE author_id = %(user)s ORDER BY written_at DESC LIMIT 20
           ) AS newest JOIN forum_topic ON forum_topic.id = newest.topic_id
           WHERE forum_topic.subforum_id = %(subforum)s
       )
       AND NOT EXISTS (
           SELECT FROM forum_post JOIN forum_topic ON forum_topic.id = forum_post.topic_id
           WHERE forum_post.author_id = %(user)s AND forum_topic.subforum_id = %(subforum)s
       )
"""


def note_read(user: User, subforum: Subforum) -> None:
    """Record that the member has read the rules. Idempotent."""
    RulesRead.objects.bulk_create(
        [RulesRead(user=user, subforum=subforum, read_at=timezone.now())], ignore_conflicts=True
    )


def rules_above(subforum: Subforum, *, or_of_all: bool = False) -> RulesBanner | None:
    """The rules of a subforum; with `or_of_all` those of the whole forum if it has none of its own."""
    banners = RulesBanner.objects.select_related("set_by", "subforum")
    found = instances("rules of a subforum", lambda: banners.filter(subforum=MARK), subforum.pk)
    if not found and or_of_all:
        found = instances("rules of the whole forum", lambda: banners.filter(subforum=None))
    return found[0] if found else None


_PARAGRAPH = '<p dir="auto">'


def _rendered(rules: list[str]) -> dict:
    return {"rules_html": [_one_line(rule) for rule in rules], "markup_version": markup.MARKUP_VERSION}


def _one_line(rule: str) -> str:
    """The HTML of a rule without the <p> around it, because the template puts it into a list item."""
    html = markup.to_html(rule).strip()
    if html.startswith(_PARAGRAPH) and html.endswith("</p>") and html.count("<p") == 1:
        return html.removeprefix(_PARAGRAPH).removesuffix("</p>")
    return html
