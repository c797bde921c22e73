"""The moderation queue and log of the demo."""

from accounts.models import User
from forum.models import Post, Topic
from moderation.actions import flags, member_acts
from moderation.actions.topic_acts import mark_duplicate
from moderation.filters import banned_words
from moderation.log.entries import Why
from moderation.models import Flag, WatchedWord

Reason = Flag.Reason
# Topics of the corpus flagged as duplicates: the topic, the older one, the member who flags.
ASKED_BEFORE = [(122, 23, "gearbox_greta"), (124, 47, "caspian_waiter"), (41, 40, "yak_butter")]
# The one that a moderator has marked as a duplicate.
MARKED = (5, 4)
# A topic, the number of a post, who flags it, why, which rule, and in which words.
FLAGGED = [
    (91, 1, "naan_stop", Reason.OUTDATED, None, "Ten years old. The e-visa has ended most of this."),
    (87, 1, "carnet_carl", Reason.RULES, 4, "Two questions in one, and the second belongs to papers."),
    (53, 2, "old_mule", Reason.DANGEROUS, None, "In January nobody should try this without a stove and a phone."),
]


def plant(topics: dict[int, Topic], users: dict[str, User]) -> None:
    moderator = users["kettle"]
    for number, other, name in ASKED_BEFORE:
        opening = _post(topics[number], 1)
        flags.flag_post(users[name], opening, reason=Reason.DUPLICATE, other_topic=topics[other])
    for number, place, name, reason, rule, words in FLAGGED:
        flags.flag_post(users[name], _post(topics[number], place), reason=reason, rule=rule, words=words)
    _act(moderator, *(topics[number] for number in MARKED))
    for pattern, act in (("guaranteed visa", WatchedWord.Act.HOLD), ("casino*", WatchedWord.Act.BLOCK)):
        banned_words.watch(users["borderline_bo"], pattern, act=act, note="Written by those who advertise.")
    member_acts.add_note(moderator, users["kopek"], "Asks much, reads the answers, says thank you. Be patient.")


def _act(moderator: User, topic: Topic, of: Topic) -> None:
    why = Why(rule=2, reason="The older topic has the answers, and goes on.")
    mark_duplicate(moderator, topic, of, why)


def _post(topic: Topic, number: int) -> Post:
    return Post.objects.select_related("topic__subforum", "author").get(topic=topic, number=number)
