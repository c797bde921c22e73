"""A topic of the author about which moderators did all they can, and that stands among the staff now, renamed.

Pages, news and letters that tell of these acts tell its title to nobody but the staff.
"""

from types import SimpleNamespace

from django.utils import timezone

from accounts.models import User
from crossings.links import actions
from crossings.models import Crossing
from forum.models import Draft, Subforum
from moderation.actions import appeals, flags, post_acts, topic_acts, undo
from moderation.log.entries import Why
from moderation.models import Flag, ModerationEntry
from notifications.news import moderation_news
from tests.forum.factories import make_post, make_subforum, make_topic

SECRET = "xylophone"
WHY = Why(reason="For order.")


def plant(people: dict[str, User], *, staff: Subforum, crossing: Crossing):
    """Acts in a subforum whose moderators do not read `staff`, beside a topic that everybody reads."""
    admin, author = people["admin"], people["author"]
    place, beside = make_subforum(), make_topic()
    place.moderators.add(people["other_moderator"], people["suspended_moderator"])
    topic = make_topic(subforum=place, author=author)
    actions.link_topic(topic, crossing, source="author", by=author)
    reply, moved = (make_post(topic=topic, author=author) for _ in range(2))
    entries = [
        topic_acts.pin(admin, topic, WHY), topic_acts.lock(admin, topic, WHY), topic_acts.unlock(admin, topic, WHY),
        topic_acts.mark_duplicate(admin, topic, beside, WHY), topic_acts.unmark_duplicate(admin, topic, WHY),
        post_acts.hide(admin, reply, WHY), post_acts.restore(admin, reply, WHY),
        topic_acts.move_posts(admin, [moved], beside, WHY),
        topic_acts.hide(admin, topic, WHY), topic_acts.restore(admin, topic, WHY),
    ]  # fmt: skip
    like_it = make_topic(subforum=place, author=people["member"])
    entries.append(topic_acts.mark_duplicate(admin, like_it, topic, WHY))
    waiting = flags.flag_post(people["new"], like_it.opening_post, reason=Flag.Reason.DUPLICATE, other_topic=topic)
    merged = make_topic(subforum=place, author=author, title=f"A {SECRET} of before")
    entries.append(topic_acts.move(admin, merged, staff, WHY))
    entries.append(topic_acts.merge(admin, merged, beside, WHY))
    undone = topic_acts.lock(admin, topic, WHY)
    entries += [undone, undo.undo(admin, undone)]
    decided = appeals.appeal(author, entries[1], "I meant well.")
    appeals.decide(admin, decided, is_granted=False, answer="It stands.")
    asked = appeals.appeal(author, entries[3], "I meant well.")
    Draft.objects.create(user=author, topic=topic, source="Not sent.", saved_at=timezone.now())
    entries += [
        topic_acts.move(admin, topic, staff, WHY),
        topic_acts.retitle(admin, topic, f"The {SECRET} of ours", WHY),
        topic_acts.retitle(admin, topic, f"Our {SECRET}", WHY),
    ]
    for entry in ModerationEntry.objects.order_by("pk"):
        moderation_news.tell_of(entry.pk)
    topic.refresh_from_db()
    return SimpleNamespace(
        topic=topic, act=entries[8], appeal=asked, item=waiting.item, moved=entries[7], like_it=like_it
    )
