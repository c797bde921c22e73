"""Sixteen kinds of people, and one thing of every kind for them to ask for."""

from datetime import timedelta
from types import SimpleNamespace

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import BadgeSubject, ExpertBadge, SignUpBlock, User
from crossings.editorial import articles, notices
from crossings.models import BadgeApplication, Crossing
from crossings.status import update
from forum.actions import answers, edits
from forum.actions.rules import set_rules
from forum.models import Draft, Post, Section, Subforum, Topic
from forum.site_texts.actions import save_text
from moderation.actions import appeals, member_acts, post_acts, profile_flags, topic_acts
from moderation.filters import banned_words, gate
from moderation.log.entries import Why
from moderation.reasons import actions
from notifications.feeds import secret_addresses
from notifications.letters import signed_addresses
from notifications.letters.write import write
from notifications.models import Letter, Notification, PrivateFeed
from notifications.news.tell import tell
from tests.crossings.factories import make_crossing, make_hours, make_report
from tests.factories import make_user
from tests.forum.factories import make_group, make_post, make_subforum, make_topic
from tests.matrix.secret import plant, plant_among_chosen
from tests.moderation.factories import make_flag

ROLES = [
    "guest", "unverified", "new", "member", "author", "expert", "moderator", "other_moderator", "admin", "suspended",
    "suspended_moderator", "suspended_admin", "in_group", "sleeping_expert", "late_moderator", "late_admin",
]  # fmt: skip


def make_world() -> dict:
    """Everything that addresses and forms of the matrix name."""
    now = timezone.now()
    people = {
        "unverified": make_user(email_confirmed_at=None),
        "new": make_user(),
        "member": make_user(trust=User.Trust.MEMBER),
        "author": make_user(username="the_author", trust=User.Trust.MEMBER),
        "expert": make_user(trust=User.Trust.TRUSTED),
        "moderator": make_user(trust=User.Trust.MEMBER),
        "other_moderator": make_user(trust=User.Trust.MEMBER),
        "admin": make_user(is_staff=True, is_superuser=True),
        "suspended": make_user(suspended_until=now + timedelta(days=3)),
        "suspended_moderator": make_user(suspended_until=now + timedelta(days=3), trust=User.Trust.TRUSTED),
        "in_group": make_user(trust=User.Trust.MEMBER),
        "sleeping_expert": make_user(trust=User.Trust.MEMBER),
        "suspended_admin": make_user(banned_at=now, is_staff=True, is_superuser=True),
        # Their week is over, and they have no second step.
        "late_moderator": make_user(trust=User.Trust.MEMBER),
        "late_admin": make_user(trust=User.Trust.MEMBER, is_staff=True, is_superuser=True),
    }
    unverified = people["unverified"]
    EmailAddress.objects.create(user=unverified, email=unverified.email, primary=True)  # as signing up makes it
    admin, author = people["admin"], people["author"]
    badge = ExpertBadge.objects.create(
        user=people["expert"], title="Pamir expert", countries=["KG"], given_by=admin, given_at=now
    )
    ExpertBadge.objects.create(
        user=people["suspended_moderator"], title="Altai expert", countries=["KG"], given_by=admin, given_at=now
    )
    ExpertBadge.objects.create(
        user=people["sleeping_expert"], title="Steppe expert", countries=["KG"], given_by=admin, given_at=now,
        asleep_at=now,
    )  # fmt: skip
    here, members, staff = (make_subforum(access=access) for access in ("open", "members", "staff"))
    strange = make_subforum()
    chosen = make_subforum(
        access="chosen", group=make_group(people["in_group"], people["suspended"], people["suspended_admin"])
    )
    for subforum in (here, members, staff):
        subforum.moderators.add(people["moderator"], people["suspended_moderator"], people["late_moderator"])
    strange.moderators.add(people["other_moderator"], people["suspended_moderator"])
    for subforum in (members, staff, strange):
        set_rules(admin, subforum, introduction="Look first.", rules=["Say when."])

    late = User.objects.filter(pk__in=[people["late_moderator"].pk, people["late_admin"].pk])
    late.update(second_step_due_at=now - timedelta(minutes=1))

    topic = make_topic(subforum=here, author=author)
    own = make_post(topic=topic, author=author)
    edits.edit_post(author, own, source="Edited once.", based_on=0)
    someone, second_moderator = make_user(), make_user()
    here.moderators.add(second_moderator)
    by_moderator = make_post(topic=topic, author=second_moderator)
    by_someone = make_post(topic=topic, author=someone)
    make_post(topic=topic, author=people["new"])
    accepted = make_post(topic=topic, author=someone)
    answers.accept_answer(author, accepted)
    locked = make_topic(subforum=here, author=author)
    in_locked = make_post(topic=locked, author=author)
    Topic.objects.filter(pk=locked.pk).update(locked_at=now)
    hidden = make_topic(subforum=here, author=someone, hidden_at=now)
    hidden_post = make_post(topic=topic, author=someone)
    Post.objects.filter(pk=hidden_post.pk).update(hidden_at=now, hidden_by=admin)
    crossing, elsewhere = make_crossing(), make_crossing(countries=("TJ", "UZ"))
    report = make_report(crossing, author=author)
    hidden_report = make_report(crossing, author=someone)
    hours, old_hours = make_hours(crossing, "a"), make_hours(crossing, "b", withdrawn_at=now)
    Subforum.objects.get(pk=report.post.topic.subforum_id).moderators.add(
        people["moderator"], people["suspended_moderator"]
    )
    Post.objects.filter(pk=hidden_report.post_id).update(hidden_at=now, hidden_by=admin)
    why = Why(reason="For order.")
    act = topic_acts.lock(people["moderator"], make_topic(subforum=here, author=author), why)
    hiding = post_acts.hide(people["moderator"], make_post(topic=make_topic(subforum=here), author=author), why)
    taken = make_topic(subforum=here, author=author)
    topic_acts.hide(people["moderator"], taken, why)
    warning = member_acts.warn(people["moderator"], author, why)
    closure = {"kind": "closure", "text": "Shut.", "source": "https://example.org", "begins_on": update.today()}
    month = update.today().replace(day=1)
    articles.edit_article(admin, crossing.country_a, article="A text.", as_of=month, reason="First", based_on=0)
    news = tell(author.pk, Notification.Kind.MODERATION, "one", subject="A word", url="/rules/")
    letter = Letter.objects.select_related("user").get(pk=news.letter_id)
    watched = [
        banned_words.watch(admin, word, act="hold", subforum=place) for word, place in (("yak", here), ("ox", None))
    ]
    save_text(admin, "imprint", source="Three friends.")
    presets = [
        actions.add_reason(admin, place, label="Politics", text="Be kind.", rule_text="", is_forum_rule=False, cause="")
        for place in (here, None, staff)
    ]
    gate.block(admin, "domain", ["throwaway.example"], address="unknown")
    secret = plant(people, staff=staff, crossing=crossing)
    return people | {
        "news": news,
        "secret": secret,
        "tokens": SimpleNamespace(
            news=secret_token(people["member"], PrivateFeed.Kind.NEWS),
            dates=secret_token(people["member"], PrivateFeed.Kind.DATES),
            stop=signed_addresses.stop_token(letter),
            through=asked(people["expert"], crossing),
            through_suspended=asked(people["suspended"], crossing),
        ),
        "preset": actions.copy_inherited(admin, here)[1],
        "preset_for_all": presets[1],
        "preset_of_staff": presets[2],
        "profile_item": profile_flags.flag_profile(make_user(), author, reason="personal").item,
        "word": watched[0],
        "block": SignUpBlock.objects.get(),
        "word_for_all": watched[1],
        "crossing": crossing,
        "elsewhere": elsewhere,
        "report": report,
        "hidden_report": hidden_report,
        "hours": hours,
        "old_hours": old_hours,
        "notice": notices.enter_notice(admin, crossing, values=closure | {"ends_on": None}),
        "country": crossing.country_a,
        "subforum": here,
        "topic": topic,
        "own": own,
        "by_someone": by_someone,
        "by_moderator": by_moderator,
        "accepted": accepted,
        "locked": locked,
        "in_locked": in_locked,
        "strange": strange,
        "waiting": make_flag(by_someone).item,
        "act": act,
        "hiding": hiding,
        "appeal": appeals.appeal(author, warning, "I meant well."),
        "alone": make_topic(subforum=here, author=author),
        "hidden": hidden,
        "taken": taken,
        "hidden_post": hidden_post,
        "for_members": make_topic(subforum=members),
        "for_staff": make_topic(subforum=staff, author=admin),
        "for_chosen": plant_among_chosen(chosen, people, crossing),
        "chosen": chosen,
        "group": chosen.group,
        "members": members,
        "staff": staff,
        "draft": Draft.objects.create(user=someone, topic=topic, source="A draft of another.", saved_at=now),
        "badge": badge,
        "application": BadgeApplication.objects.create(
            applicant=author, countries=["KG"], words="I know.", made_at=now
        ),
        "subject": BadgeSubject.objects.create(name="Yaks"),
        "section": Section.objects.create(name="An empty section"),
    }


def secret_token(user: User, kind: PrivateFeed.Kind) -> str:
    return secret_addresses.make_address(user, kind).split("/")[-2]


def asked(user: User, crossing: Crossing) -> str:
    """The link of a letter that asks a member whether they got through."""
    about = {"crossing": crossing, "travel_on": update.today() - timedelta(days=3)}
    letter, _ = write(user.pk, Letter.Kind.THROUGH, "through", **about)
    return signed_addresses.through_token(letter, "crossed")
