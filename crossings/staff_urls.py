"""Addresses of countries, and of whatever the editors change."""

from django.urls import path

from crossings.views import articles, countries, editing, notices, trade
from forum import urls as _converters  # noqa: F401 (its kinds of numbers and words in addresses)

urlpatterns = [
    path("countries/", countries.countries, name="countries"),
    path("countries/<slug:code>/", countries.country, name="country"),
    path("countries/<slug:code>/edit/", articles.edit_article, name="edit-article"),
    path("countries/<slug:code>/history/", articles.article_history, name="article-history"),
    path("countries/<slug:code>/history/<id:number>/", articles.article_history, name="article-history-of-edit"),
    path("countries/<slug:code>/history/<id:number>/restore/", articles.restore_article, name="restore-article"),
    path("staff/crossings/new/", editing.new_crossing, name="new-crossing"),
    path("crossings/<slug:slug>/edit/", editing.edit_crossing, name="edit-crossing"),
    path("crossings/<slug:slug>/edit/facts/", editing.edit_facts, name="edit-facts"),
    path("crossings/<slug:slug>/edit/names/", editing.edit_names, name="edit-names"),
    path("crossings/<slug:slug>/notices/new/", notices.new_notice, name="new-notice"),
    path("crossings/<slug:slug>/notices/<id:notice_id>/", notices.edit_notice, name="edit-notice"),
    path("crossings/<slug:slug>/notices/<id:notice_id>/withdraw/", notices.withdraw_notice, name="withdraw-notice"),
    path("members/<str:username>/trade/", trade.trade_account, name="trade-account"),
]
