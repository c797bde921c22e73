"""Addresses of countries, and of whatever the editors change."""

from django.urls import path

import forum.urls  # noqa: F401 (its converters of numbers and words in addresses)
from crossings.views import article_edits, countries, crossing_edits, notice_edits, trade_account

urlpatterns = [
    path("countries/", countries.countries, name="countries"),
    path("countries/<slug:code>/", countries.country, name="country"),
    path("countries/<slug:code>/edit/", article_edits.edit_article, name="edit-article"),
    path("countries/<slug:code>/history/", article_edits.article_history, name="article-history"),
    path("countries/<slug:code>/history/<id:number>/", article_edits.article_history, name="article-history-of-edit"),
    path("countries/<slug:code>/history/<id:number>/restore/", article_edits.restore_article, name="restore-article"),
    path("staff/crossings/new/", crossing_edits.new_crossing, name="new-crossing"),
    path("crossings/<slug:slug>/edit/", crossing_edits.edit_crossing, name="edit-crossing"),
    path("crossings/<slug:slug>/edit/facts/", crossing_edits.edit_facts, name="edit-facts"),
    path("crossings/<slug:slug>/edit/names/", crossing_edits.edit_names, name="edit-names"),
    path("crossings/<slug:slug>/notices/new/", notice_edits.new_notice, name="new-notice"),
    path("crossings/<slug:slug>/notices/<id:notice_id>/", notice_edits.edit_notice, name="edit-notice"),
    path(
        "crossings/<slug:slug>/notices/<id:notice_id>/withdraw/",
        notice_edits.withdraw_notice,
        name="withdraw-notice",
    ),
    path("members/<str:username>/trade/", trade_account.trade_account, name="trade-account"),
]
