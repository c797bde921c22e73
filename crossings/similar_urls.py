from django.urls import path

from crossings import similar_views as views

routes = [
    path("forums/<slug:slug>/suggestions/", views.suggest, name="suggest"),
    path("topics/<id:topic_id>/suggested/", views.suggestion, name="suggestion"),
    path("staff/similar-topics/", views.similarity_figures, name="similarity-figures"),
]
