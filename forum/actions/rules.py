"""Setting the rules above a subforum, or those of the whole forum, and asking newcomers whether they have read them."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum import markup
from forum.counters import increments
from forum.models import RulesBanner, RulesRead, RulesVersion, Subforum
from forum.permissions import can_moderate
from pagecache.prepared import run


@dataclass
class RulesChangedMeanwhile(Exception):
    """Somebody else changed the rules since the form was opened; `banner` is how they stand now."""

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
    """Replace the rules; each version is kept. The same rules again change nothing, not even who set them.

    `based_on` is the version that the editor began with, 0 where there were none. Raises RulesChangedMeanwhile.
    """
    # Two who write the first rules of a place find no row to lock.
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
    """Lift the rules of one banner to the present markup; they say what they said, so this is no version of them.

    Raises what forum.markup raises. The site's version, which every change of a banner raises, ends kept pages.
    """
    banner = RulesBanner.objects.select_for_update(no_key=True).get(pk=pk)
    RulesBanner.objects.filter(pk=pk).update(**_rendered(banner.rules))


def must_confirm(user: User, subforum: Subforum) -> bool:
    """Whether a member writes here for the first time, and has not said yet that they have read the rules."""
    if can_moderate(user, subforum):
        return False
    [(asks,)] = run(_MUST_CONFIRM, {"subforum": subforum.pk, "user": user.pk}, writes=RulesRead)
    return asks


_MUST_CONFIRM = """
    SELECT EXISTS (SELECT FROM forum_rulesbanner WHERE subforum_id = %(subforum)s OR subforum_id IS NULL)
       AND NOT EXISTS (SELECT FROM forum_rulesread WHERE user_id = %(user)s AND subforum_id = %(subforum)s)
       AND NOT EXISTS (
           SELECT FROM forum_post JOIN forum_topic ON forum_topic.id = forum_post.topic_id
           WHERE forum_post.author_id = %(user)s AND forum_topic.subforum_id = %(subforum)s
       )
"""


def note_read(user: User, subforum: Subforum) -> None:
    """The member has read the rules. Twice changes nothing."""
    RulesRead.objects.bulk_create(
        [RulesRead(user=user, subforum=subforum, read_at=timezone.now())], ignore_conflicts=True
    )


def rules_above(subforum: Subforum, *, or_of_all: bool = False) -> RulesBanner | None:
    """The rules of a subforum; if asked for, those of the whole forum where it has none of its own."""
    banners = RulesBanner.objects.select_related("set_by", "subforum")
    own = banners.filter(subforum=subforum).first()
    return banners.filter(subforum=None).first() if own is None and or_of_all else own


def _rendered(rules: list[str]) -> dict:
    return {"rules_html": [_one_line(rule) for rule in rules], "markup_version": markup.MARKUP_VERSION}


def _one_line(rule: str) -> str:
    """A rule stands in a list item of ours, so it needs no paragraph of its own."""
    html = markup.to_html(rule).strip()
    if html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1:
        return html.removeprefix("<p>").removesuffix("</p>")
    return html
