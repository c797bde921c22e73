"""What readers may do to crossings, their topics and badges: from one scene in which they may, each fact that changes
the answer."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.readers import Badges
from accounts.trust_levels import Trust
from crossings import permissions
from crossings.models import Country, Crossing, Hours
from tests.forum.test_permissions import (
    ADMIN,
    AUTHOR,
    EXPERT,
    MEMBER,
    MODERATOR,
    MODERATOR_ELSEWHERE,
    NEWCOMER,
    NOBODY,
    Scene,
    may_not_write,
)  # fmt: skip

can = permissions
CROSSING = Crossing(country_a_id="CN", country_b_id="KG")
ELSEWHERE = Crossing(country_a_id="KZ", country_b_id="KG")
OF_SUBJECT = replace(NEWCOMER, badges=Badges(("Visa expert",), ()))
OF_SECOND_COUNTRY = replace(NEWCOMER, badges=Badges(("Kyrgyzstan expert",), ("KG",)))
EXPERT_ELSEWHERE = replace(NEWCOMER, badges=Badges(("Iran expert",), ("IR",)))
NEW_MODERATOR = replace(MODERATOR_ELSEWHERE, trust=Trust.NEW)
TRUSTED, MEMBER_OF_STANDING = replace(MEMBER, trust=Trust.TRUSTED), replace(MEMBER, trust=Trust.MEMBER)
DAY = date(2026, 6, 15)
HOURS, WITHDRAWN = Hours(as_of=DAY), Hours(as_of=DAY, withdrawn_at=timezone.now())


def application(by=AUTHOR):
    return SimpleNamespace(applicant_id=by.pk)


def topic(**facts):
    return Scene(**facts).topic


JUST_NOW = {"written_at": timezone.now()}
MAY = [
    (can.is_expert, EXPERT, ()),
    (can.is_expert, OF_SUBJECT, ()),
    (can.is_expert_of, EXPERT, (CROSSING,)),
    (can.is_expert_of, OF_SECOND_COUNTRY, (CROSSING,)),
    (can.can_apply, MEMBER_OF_STANDING, ()),
    (can.can_apply, TRUSTED, ()),
    (can.can_apply, NEW_MODERATOR, ()),
    (can.can_read_applications, EXPERT, ()),
    (can.can_endorse, EXPERT, (application(),)),
    (can.can_decide_application, ADMIN, (application(),)),
    (can.can_link, AUTHOR, (topic(),)),
    (can.can_link, EXPERT, (topic(),)),
    (can.can_link, MODERATOR, (topic(topic_locked=True),)),
    (can.can_link, MODERATOR, (topic(subforum_locked=True),)),
    (can.can_judge_similar, MODERATOR, (topic(topic_locked=True),)),
    (can.can_confirm, EXPERT, (topic(), [ELSEWHERE, CROSSING], AUTHOR.pk)),
    (can.can_confirm, EXPERT_ELSEWHERE, (topic(), [CROSSING], EXPERT_ELSEWHERE.pk)),
    (can.can_report, NEWCOMER, ()),
    (can.can_use_suggestions, NEWCOMER, ()),
    (can.can_attach_report, AUTHOR, (Scene(**JUST_NOW),)),
    (can.can_edit_report, AUTHOR, (SimpleNamespace(post=Scene(**JUST_NOW)),)),
    (can.can_edit_report, MODERATOR, (SimpleNamespace(post=Scene()),)),
    (can.can_edit_crossing, ADMIN, (CROSSING,)),
    (can.can_edit_crossing, EXPERT, (CROSSING,)),
    (can.can_edit_place, ADMIN, ()),
    (can.can_edit_place, ADMIN, (CROSSING,)),
    (can.can_edit_country, ADMIN, (Country(code="KG"),)),
    (can.can_enter_notice, MODERATOR_ELSEWHERE, (CROSSING,)),
    (can.can_edit_hours, NEW_MODERATOR, (CROSSING,)),
    (can.can_edit_hours, TRUSTED, (CROSSING,)),
    (can.can_edit_hours, EXPERT, (CROSSING,)),
    (can.can_confirm_hours, NEWCOMER, (HOURS, DAY)),
    (can.can_confirm_hours, NEWCOMER, (HOURS, DAY + timedelta(days=1))),
]
MAY_NOT = [
    (can.is_expert, MEMBER, ()),
    (can.is_expert_of, EXPERT, (ELSEWHERE,)),
    (can.is_expert_of, OF_SUBJECT, (CROSSING,)),
    (can.can_apply, NEWCOMER, ()),
    (can.can_read_applications, TRUSTED, ()),
    (can.can_endorse, EXPERT, (application(EXPERT),)),
    (can.can_endorse, MODERATOR, (application(MODERATOR),)),
    (can.can_endorse, TRUSTED, (application(),)),
    (can.can_decide_application, ADMIN, (application(ADMIN),)),
    (can.can_decide_application, MODERATOR, (application(),)),
    (can.can_link, MEMBER, (topic(),)),
    (can.can_link, AUTHOR, (topic(topic_running=True),)),
    (can.can_link, AUTHOR, (topic(topic_locked=True),)),
    (can.can_link, EXPERT, (topic(topic_locked=True),)),
    (can.can_link, EXPERT, (topic(subforum_locked=True),)),
    (can.can_link, MODERATOR, (topic(topic_hidden=True),)),
    (can.can_link, MODERATOR, (topic(topic_held=True),)),
    (can.can_link, MODERATOR_ELSEWHERE, (topic(),)),
    (can.can_judge_similar, AUTHOR, (topic(),)),
    (can.can_judge_similar, MODERATOR_ELSEWHERE, (topic(),)),
    (can.can_judge_similar, MODERATOR, (topic(topic_hidden=True),)),
    (can.can_confirm, EXPERT, (topic(), [ELSEWHERE], AUTHOR.pk)),
    (can.can_confirm, EXPERT, (topic(), [], AUTHOR.pk)),
    (can.can_confirm, AUTHOR, (topic(), [CROSSING], AUTHOR.pk)),
    (can.can_confirm, EXPERT, (topic(topic_hidden=True), [CROSSING], EXPERT.pk)),
    (can.can_confirm, EXPERT, (topic(topic_locked=True), [CROSSING], EXPERT.pk)),
    (can.can_confirm, EXPERT, (topic(subforum_locked=True), [CROSSING], EXPERT.pk)),
    (can.can_attach_report, AUTHOR, (Scene(),)),
    (can.can_attach_report, MODERATOR, (Scene(),)),
    (can.can_edit_report, MEMBER, (SimpleNamespace(post=Scene(**JUST_NOW)),)),
    (can.can_edit_crossing, MODERATOR, (CROSSING,)),
    (can.can_edit_crossing, EXPERT, (ELSEWHERE,)),
    (can.can_edit_place, EXPERT, (CROSSING,)),
    (can.can_edit_country, EXPERT, (Country(code="CN"),)),
    (can.can_enter_notice, EXPERT, (CROSSING,)),
    (can.can_edit_hours, MEMBER_OF_STANDING, (CROSSING,)),
    (can.can_edit_hours, EXPERT, (ELSEWHERE,)),
    (can.can_confirm_hours, TRUSTED, (HOURS, DAY - timedelta(days=1))),
    (can.can_confirm_hours, TRUSTED, (HOURS, None)),
    (can.can_confirm_hours, TRUSTED, (WITHDRAWN, DAY)),
]


def name_of(value):
    return getattr(value, "__name__", None)


@pytest.mark.parametrize(("may", "user", "about"), MAY, ids=name_of)
def test_they_may_and_not_while_they_are_suspended_or_signed_out(may, user, about):
    assert may(user, *about)
    assert not may(may_not_write(user), *about)
    assert not any(may(nobody, *about) for nobody in NOBODY)


@pytest.mark.parametrize(("may", "user", "about"), MAY_NOT, ids=name_of)
def test_they_may_not(may, user, about):
    assert not may(user, *about)


def test_applications_are_read_by_who_asked_and_by_experts_and_moderators_who_also_endorse_them():
    assert can.can_read_application(AUTHOR, application())
    assert can.can_read_application(may_not_write(AUTHOR), application())
    assert can.can_read_application(EXPERT, application())
    assert not can.can_read_application(MEMBER, application())
    assert can.can_read_applications(MODERATOR_ELSEWHERE)
    assert can.can_endorse(MODERATOR, application())
    assert not any(can.can_read_applications(nobody) for nobody in NOBODY)
