"""What docs/trust.md promises of accounts that nobody knows: counted by a farm of them. Printed with `-s`."""

import pytest

from accounts.models import User
from forum.models import Post
from moderation.actions import flags
from tests.adversary.cheap_accounts import ACCOUNTS, DAYS, month_of_the_farm
from tests.factories import make_user
from tests.forum.factories import make_post
from tests.moderation.factories import make_flagger

pytestmark = pytest.mark.django_db


@pytest.mark.rehearsal  # two minutes of CPU for a month of twenty accounts
def test_a_farm_of_new_accounts_turns_no_status_hides_no_post_and_gives_itself_nothing():
    reached = month_of_the_farm()
    print(f"\n{ACCOUNTS} accounts, {DAYS} days:", *reached.lines, sep="\n  ")

    assert reached.turned == set()
    assert reached.hidden == set()
    assert (reached.badges, reached.dated, reached.names) == (0, 0, 0)


@pytest.mark.parametrize(("trust", "needed"), [("NEW", None), ("MEMBER", 3), ("TRUSTED", 2)])
def test_how_many_accounts_let_a_post_wait(trust, needed):
    post, hidden_by = make_post(author=make_user(trust=User.Trust.MEMBER)), None

    for number in range(1, 21):
        flags.flag_post(
            make_flagger(User.Trust[trust]), Post.objects.get(pk=post.pk), reason="rules", address=f"203.0.113.{number}"
        )
        if Post.objects.get(pk=post.pk).held_at:
            hidden_by = number
            break

    assert hidden_by == needed
