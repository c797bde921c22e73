"""Addresses of posted hours, closed days, and of the calculator."""

from django.urls import path

import forum.urls  # noqa: F401 (its converters of numbers and words in addresses)
from crossings.views.clock import closed_days, posted_hours, window

urlpatterns = [
    path("crossings/<slug:slug>.ics", closed_days.crossing_calendar_feed, name="crossing-calendar"),
    path("crossings/<slug:slug>/window/", window.window, name="window"),
    path("crossings/<slug:slug>/hours/", posted_hours.hours, name="hours"),
    path("crossings/<slug:slug>/hours/new/", posted_hours.new_hours, name="new-hours"),
    path("crossings/<slug:slug>/hours/clocks/", posted_hours.edit_clocks, name="edit-clocks"),
    path("crossings/<slug:slug>/hours/<id:hours_id>/", posted_hours.edit_hours, name="edit-hours"),
    path("crossings/<slug:slug>/hours/<id:hours_id>/withdraw/", posted_hours.withdraw_hours, name="withdraw-hours"),
    path("crossings/<slug:slug>/hours/<id:hours_id>/restore/", posted_hours.restore_hours, name="restore-hours"),
    path("crossings/<slug:slug>/hours/<id:hours_id>/confirm/", posted_hours.confirm_hours, name="confirm-hours"),
]
