"""The list of the queue: items with all their details, by a fixed number of queries."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from django.db.models import FETCH_RAISE, Aggregate, Count, DurationField, F, QuerySet
from django.utils import timezone

from accounts.models import User
from forum import markup
from forum.models import Post, RulesBanner, Subforum, Topic
from moderation.consequences import CleanUp, clean_ups, points_of, replies, replies_with
from moderation.models import Appeal, Flag, Hold, PresetReason, QueueItem, QueueNote
from moderation.permissions import can_clean_spam, can_decide, can_judge_post
from moderation.queue import flagged_profiles
from moderation.queue.buttons import Button, Foretold, buttons_of
from moderation.queue.flagged_profiles import FlaggedProfile
from moderation.queue.items import waiting_for
from moderation.reasons.offered_reasons import Preset, of_rows, suggested_first
from moderation.rules import RuleChoice, of_banners, seen
from pagecache.prepared import array_of, is_any
from pagecache.prepared_models import instances

SHOWN = 20
WORDS_SHOWN = 320
Kind = QueueItem.Kind


@dataclass
class QueueRow:
    """An item with its details and buttons."""

    item: QueueItem
    post: Post | None
    words: str = ""
    badges: list[str] = field(default_factory=list)
    flags: Sequence[Flag] = ()
    holds: Sequence[Hold] = ()
    appeals: Sequence[Appeal] = ()
    # Primary keys of appeals that this moderator may decide: not those against their own acts.
    may_decide: set[int] = field(default_factory=set)
    notes: Sequence[QueueNote] = ()
    profile: FlaggedProfile | None = None
    others: list[Topic] = field(default_factory=list)
    rules: tuple[RuleChoice, ...] = ()
    presets: tuple[Preset, ...] = ()
    flagged_rule: str = ""
    buttons: tuple[Button, ...] = ()
    # Whether it is about the moderator who looks at it.
    is_own: bool = False
    has_other_moderators: bool = False

    @property
    def waits_for_others(self) -> bool:
        return self.is_own or any(appeal.pk not in self.may_decide for appeal in self.appeals)

    @property
    def replies(self) -> str:
        """Of an opening post: how many replies its topic has."""
        return replies(replies_with(self.post.topic)) if self.post and self.post.is_opening_post else ""

    @property
    def hints(self) -> list[str]:
        return [button.hint for button in self.buttons if button.hint]

    @property
    def rules_shown(self) -> str:
        return seen(self.rules)

    @property
    def flaggers(self) -> list[str]:
        return [flag.by.username for flag in self.flags if flag.by]


def page(user: User, *, kind: str = "", order: str = "age", size: int = SHOWN) -> list[QueueRow]:
    """The first items of a moderator, by age or by risk."""
    items = QueueItem.objects.open().for_moderator(user)
    if kind:
        items = items.of_kind(kind)
    items = items.riskiest_first() if order == "risk" else items.oldest_first()
    return shown(user, items[:size])


def shown(user: User, items: QuerySet[QueueItem]) -> list[QueueRow]:
    found = _with_all_that_is_said(items)
    places = {item.subforum_id for item in found if item.subforum_id}
    written = _Written(_banners(places), _preset_reasons(places))
    posts = _posts({item.post_id for item in found if item.post_id})
    visible, foretold = _visible(user, found), _foretold(user, posts.values())
    rows = [_shown(user, item, posts.get(item.post_id or 0), written, visible, foretold) for item in found]
    flagged_profiles.add_to(user, rows)
    _tell_who_decides(user, rows)
    return rows


def _foretold(user: User, posts: Collection[Post]) -> dict[int, Foretold]:
    """What warnings and clean-ups would do, by author."""
    authors = {post.author_id: post.author for post in posts}
    points = points_of(authors, timezone.now())
    spammers = {post.author_id for post in posts if can_clean_spam(user, post.author, post.topic.subforum)}
    cleaned = clean_ups(user, spammers)
    return {pk: Foretold(points[pk], cleaned.get(pk, CleanUp())) for pk in authors}


def _tell_who_decides(user: User, rows: Sequence[QueueRow]) -> None:
    """Whether moderators besides this one, and not administrators alone, may decide what this one may not."""
    places = {row.item.subforum_id for row in rows if row.waits_for_others}
    if not places:
        return
    others = Subforum.moderators.through.objects.filter(subforum__in=places).exclude(user=user.pk)
    with_others = set(others.values_list("subforum", flat=True))
    for row in rows:
        row.has_other_moderators = row.item.subforum_id in with_others


def counts(user: User) -> dict[str, int]:
    """Numbers of open items that the moderator may decide, in all and by kind. One query."""
    items = waiting_for(user).order_by()
    by_kinds: Counter[str] = Counter()
    for kinds, count in items.values_list("kinds").annotate(Count("pk")):
        for kind in kinds:
            by_kinds[kind] += count
        by_kinds["all"] += count
    return dict(by_kinds)


def median_wait(user: User) -> float | None:
    """Median age in minutes of the items that were decided today, at their decision."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    closed = QueueItem.objects.for_moderator(user).filter(closed_at__gte=midnight, closed_by__isnull=False)
    wait = closed.aggregate(median=Median(F("closed_at") - F("opened_at")))["median"]
    return None if wait is None else wait / timedelta(minutes=1)


class Median(Aggregate):
    """PostgreSQL's percentile_cont(0.5), as an aggregate."""

    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def _with_all_that_is_said(items: QuerySet[QueueItem]) -> list[QueueItem]:
    """What Prefetch would bring along comes by prepared statements, which are composed and planned once."""
    found = list(items.select_related("member", "claimed_by", "subforum").fetch_mode(FETCH_RAISE))
    by_pk = {item.pk: item for item in found}
    for name, build in _SAID.items():
        for item in found:
            setattr(item, name, [])
        for said in instances(("of the queue", name), build, array_of(by_pk)) if found else []:
            said.item = by_pk[said.item_id]
            getattr(said.item, name).append(said)
    return found


_SAID: dict[str, Callable[[], QuerySet]] = {
    "open_flags": lambda: _of_items(Flag.objects.open().select_related("by", "other_topic").order_by("pk")),
    "open_holds": lambda: _of_items(Hold.objects.open()),
    "open_appeals": lambda: _of_items(Appeal.objects.open().select_related("entry", "by")),
    "all_notes": lambda: _of_items(QueueNote.objects.select_related("by")),
}


def _of_items(said: QuerySet) -> QuerySet:
    return said.filter(is_any(f"{said.model._meta.db_table}.item_id")).fetch_mode(FETCH_RAISE)


def _posts(ids: Iterable[int]) -> dict[int, Post]:
    pks = array_of(sorted(set(ids)))
    found = {post.pk: post for post in instances("posts of the queue", _these, pks)} if ids else {}
    bring_power([post.author for post in found.values()])
    return found


def _these() -> QuerySet[Post]:
    posts = Post.objects.filter(is_any("forum_post.id")).select_related("author", "topic__subforum")
    return posts.fetch_mode(FETCH_RAISE)


def bring_power(members: Sequence[User]) -> None:
    """Load `moderates_ids` of these members by one query, for `outranks`."""
    moderates: dict[int, list[int]] = {member.pk: [] for member in members}
    rows = Subforum.moderators.through.objects.filter(user__in=moderates).values_list("user_id", "subforum_id")
    for user_id, subforum_id in rows:
        moderates[user_id].append(subforum_id)
    for member in members:
        member.moderates_ids = moderates[member.pk]


def _banners(subforum_ids: set[int]) -> list[RulesBanner]:
    banners = RulesBanner.objects.filter(subforum__in=subforum_ids) | RulesBanner.objects.filter(subforum=None)
    return list(banners)


def _preset_reasons(subforum_ids: set[int]) -> list[PresetReason]:
    reasons = PresetReason.objects.filter(subforum__in=subforum_ids) | PresetReason.objects.filter(subforum=None)
    return list(reasons)


class _Written(NamedTuple):
    """What was written beforehand for the subforums of all items, and for the whole forum."""

    banners: list[RulesBanner]
    reasons: list[PresetReason]


def _visible(user: User, items: Iterable[QueueItem]) -> set[int]:
    """Those of the other topics in flags that the moderator may read."""
    ids = {flag.other_topic_id for item in items for flag in item.open_flags if flag.other_topic_id}  # type: ignore[attr-defined]
    return set(Topic.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


def _shown(
    user: User,
    item,
    post: Post | None,
    written: _Written,
    visible: set[int],
    foretold: dict[int, Foretold],
) -> QueueRow:
    others = {flag.other_topic_id: flag.other_topic for flag in item.open_flags if flag.other_topic_id in visible}
    rules = of_banners(item.subforum_id, written.banners)
    flagged_rule = _flagged_rule(item.open_flags, rules)
    presets = of_rows(item.subforum_id, written.reasons, rules)
    found = QueueRow(
        item=item,
        post=post,
        badges=_badges(item),
        flags=item.open_flags,
        holds=item.open_holds,
        appeals=item.open_appeals,
        may_decide={appeal.pk for appeal in item.open_appeals if can_decide(user, appeal)},
        notes=item.all_notes,
        is_own=item.member_id == user.pk,
        others=list(others.values()),
        rules=tuple(rules),
        presets=suggested_first(presets, item.open_flags, item.open_holds, flagged_rule),
        flagged_rule=flagged_rule,
    )
    if post is not None:
        found.words = markup.words_of(post.html, WORDS_SHOWN)
        if can_judge_post(user, post) and not found.is_own:
            found.buttons = tuple(buttons_of(user, item, post, foretold[post.author_id], has_other=bool(others)))
    return found


def _badges(item) -> list[str]:
    """Labels of an item's contents: "3 flags: advertising"."""
    found = []
    for reason, count in Counter(flag.get_reason_display() for flag in item.open_flags).most_common():
        found.append(f"{count} flag{'s' if count > 1 else ''}: {reason.removeprefix('It is ').removeprefix('It ')}")
    found = [f"Profile, {badge}" for badge in found] if item.is_profile else found
    found += [f"Waits: {hold.get_reason_display()}" for hold in item.open_holds]
    found += ["Appeal" for _ in item.open_appeals]
    return found


def _flagged_rule(flags: Iterable[Flag], rules: Sequence[RuleChoice]) -> str:
    """The rule that most flags name, by its text, because its number may have changed since."""
    now = {(rule.is_forum_rule, rule.text): rule.value for rule in rules}
    named = Counter(now.get((flag.is_forum_rule, flag.rule_text), "") for flag in flags if flag.rule)
    return named.most_common(1)[0][0] if named else ""
