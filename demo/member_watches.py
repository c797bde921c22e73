"""What the demo's members watch: what they wrote in, as if they had written it here, and some of what they chose."""

from datetime import timedelta

from accounts.models import User
from crossings.models import Country, Crossing
from crossings.status.update import today
from forum.models import Post, Subforum
from notifications.models import Watch
from notifications.watches.actions import watch
from notifications.watches.automatic import watch_on_writing

CHOOSERS = ("wobblyspoke", "qarluq")
DAYS_TO_GO = 9


def plant_watches(users: dict[str, User]) -> None:
    """Seeding sends no signals of the forum, so watches that begin by themselves begin here."""
    for post in Post.objects.readable().select_related("topic").order_by("pk"):
        watch_on_writing(post)
    for name in CHOOSERS:
        user = users[name]
        torugart = Crossing.objects.get(slug="torugart")
        watch(user, torugart, travel_on=today() + timedelta(days=DAYS_TO_GO), direction="b-a")
        watch(user, Crossing.objects.get(slug="irkeshtam"))
        watch(user, Country.objects.get(pk="KG"))
        watch(user, users["altyn_kay"])
        watch(user, Subforum.objects.get(slug="campfire"), level=Watch.Level.MUTED)
