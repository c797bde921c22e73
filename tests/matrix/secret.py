"""Topics that most may not read, and of which no page, news or letter tells them.

A topic of the author about which moderators did all they can, and that stands among the staff now, renamed.
And one among chosen members, of whom one is a member no longer.
"""

from types import SimpleNamespace

from django.utils import timezone

from accounts.actions import add_to_group, remove_from_group
from accounts.models import User
from crossings.links import actions
from crossings.models import Crossing
from forum import markup
from forum.actions import answers, reactions
from forum.models import Bookmark, Draft, Subforum
from moderation.actions import appeals, flags, post_acts, topic_acts, undo
from moderation.log.entries import Why
from moderation.models import Flag, ModerationEntry
from notifications.models import Watch
from notifications.news import moderation_news, post_news
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
        topic_acts.pin_across(admin, topic, WHY),
    ]
    for entry in ModerationEntry.objects.order_by("pk"):
        moderation_news.tell_of(entry.pk)
    topic.refresh_from_db()
    return SimpleNamespace(
        topic=topic, act=entries[8], appeal=asked, item=waiting.item, moved=entries[7], like_it=like_it
    )


# Of what only chosen members, their moderators and administrators read.
SECRET_OF_CHOSEN = "glockenspiel"


def plant_among_chosen(chosen: Subforum, people: dict[str, User], crossing: Crossing):
    """A topic of chosen members. One of them wrote, watched, bookmarked and was told there, and was removed then."""
    admin, writer, former = people["admin"], people["in_group"], people["member"]
    Subforum.objects.filter(pk=chosen.pk).update(name=f"The {SECRET_OF_CHOSEN} room", description=SECRET_OF_CHOSEN)
    chosen.refresh_from_db()
    add_to_group(admin, chosen.group, [former])
    former = User.objects.get(pk=former.pk)  # reads its groups again
    words, now = f"Bring the {SECRET_OF_CHOSEN}, @{former.username}.", timezone.now()
    for member in people.values():
        Watch.objects.create(user=member, subforum=chosen, watched_at=now)
    topic = make_topic(subforum=chosen, author=writer, title=f"Our {SECRET_OF_CHOSEN} near Torugart", source=words)
    actions.link_topic(topic, crossing, source="author", by=writer)
    own = make_post(topic=topic, author=former, source=f"I bring my own {SECRET_OF_CHOSEN}.")
    reply = make_post(topic=topic, author=writer, source=f"{markup.quote(former.username, own.pk, 'Mine.')}\n\n{words}")
    reactions.react(writer, own, "helpful")
    answers.accept_answer(writer, own)
    Bookmark.objects.create(user=former, post=reply, note="For then.", bookmarked_at=now, remind_on=now.date())
    Draft.objects.create(user=former, topic=topic, source="Not sent.", saved_at=now)
    make_post(author=writer, source=markup.quote(former.username, own.pk, "Mine."))
    for post in (topic.opening_post, own, reply):
        post_news.tell_of_post(post.pk)
    entries = [
        post_acts.hide(admin, make_post(topic=topic, author=former, source="Take me along."), WHY),
        topic_acts.lock(admin, topic, WHY), topic_acts.retitle(admin, topic, f"Another {SECRET_OF_CHOSEN}", WHY),
    ]  # fmt: skip
    for entry in ModerationEntry.objects.filter(subforum=chosen).order_by("pk"):
        moderation_news.tell_of(entry.pk)
    remove_from_group(admin, chosen.group, former.pk)
    topic.refresh_from_db()
    return SimpleNamespace(topic=topic, own=own, hiding=entries[0])
