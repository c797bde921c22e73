"""A member's news as an Atom feed: the same rows in the same words as on their page of news."""

from django.urls import reverse
from django.utils.html import format_html, format_html_join, linebreaks

from accounts.models import User
from accounts.site_info import site_name
from forum import markup
from forum.feeds import Feed, absolute
from notifications.models import Notification
from notifications.news import wording

NEWS_IN_FEED = 50


def atom_of(user: User) -> str:
    """The XML of the newest notifications that the member may read now. The secret address itself is not in it."""
    page = absolute(reverse("notifications:news"))
    feed = Feed(
        title=f"{site_name()}: your news",
        link=page,
        description="",
        language="en",
        feed_guid=page,
        author_name=site_name(),
    )
    newest = wording.with_entries(Notification.objects.readable_by(user)).order_by("-pk")[:NEWS_IN_FEED]
    for row in wording.put_into_words(user, newest):
        feed.add_item(
            title=markup.clean(row.told.subject),
            link=absolute(row.told.url),
            unique_id=f"{page}#n{row.pk}",
            description=_html(row.told),
            pubdate=row.made_at,
            updateddate=row.made_at,
        )
    return feed.writeString("utf-8")


def _html(told: wording.Told) -> str:
    steps = format_html_join(
        "", '<li><a href="{}">{}</a></li>', ((absolute(step.url), step.label) for step in told.steps)
    )
    html = linebreaks(markup.clean(told.words), autoescape=True)
    return html + format_html("<ul>{}</ul>", steps) if steps else html
