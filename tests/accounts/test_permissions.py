"""Who may ignore, invite and take back invitations: a table of members."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts import permissions
from accounts.readers import VISITOR, Reader
from accounts.trust_levels import Trust

NEWCOMER = Reader(pk=1, can_write=True, trust=Trust.NEW)
MEMBER = replace(NEWCOMER, pk=2, trust=Trust.MEMBER)
TRUSTED = replace(NEWCOMER, pk=3, trust=Trust.TRUSTED)
ADMIN = replace(NEWCOMER, pk=4, is_staff=True)
NOBODY = [VISITOR, AnonymousUser()]
POWERLESS = [*NOBODY, replace(ADMIN, can_write=False), replace(ADMIN, lacks_second_step=True)]


@pytest.mark.parametrize(
    ("setting", "invite"),
    [
        ("member", [MEMBER, TRUSTED, ADMIN]), ("trusted", [TRUSTED, ADMIN]), ("staff", [ADMIN]),
    ],
)  # fmt: skip
def test_members_invite_from_the_trust_that_the_operator_chose(settings, setting, invite):
    settings.INVITATIONS_FROM = setting
    everybody = [NEWCOMER, MEMBER, TRUSTED, ADMIN]

    assert [user for user in everybody if permissions.can_invite(user)] == invite
    assert not any(permissions.can_invite(user) for user in POWERLESS)
    assert not permissions.can_invite(replace(TRUSTED, can_write=False))


def test_invitations_of_everybody_are_for_administrators():
    assert permissions.can_administer_invitations(ADMIN)
    assert not any(permissions.can_administer_invitations(user) for user in [TRUSTED, *POWERLESS])


def test_an_invitation_is_withdrawn_by_who_made_it_and_by_administrators():
    invitation = SimpleNamespace(made_by_id=NEWCOMER.pk)

    assert permissions.can_withdraw_invitation(NEWCOMER, invitation)
    assert permissions.can_withdraw_invitation(ADMIN, invitation)
    assert not permissions.can_withdraw_invitation(TRUSTED, invitation)
    assert not permissions.can_withdraw_invitation(replace(NEWCOMER, can_write=False), invitation)
    assert not any(permissions.can_withdraw_invitation(user, invitation) for user in POWERLESS)
    assert not any(permissions.can_withdraw_invitation(user, SimpleNamespace(made_by_id=None)) for user in NOBODY)


def test_members_ignore_others_but_no_administrator():
    assert permissions.can_ignore(MEMBER, TRUSTED)
    assert not permissions.can_ignore(MEMBER, MEMBER)
    assert not permissions.can_ignore(MEMBER, ADMIN)
    assert not any(permissions.can_ignore(user, MEMBER) for user in NOBODY)


@pytest.mark.parametrize(("trust", "are_shown"), [(Trust.NEW, False), (Trust.MEMBER, True), (Trust.TRUSTED, True)])
def test_links_of_newcomers_are_not_shown(trust, are_shown):
    assert permissions.can_show_links(replace(MEMBER, trust=trust)) == are_shown
    assert permissions.can_show_links(replace(ADMIN, trust=trust))
