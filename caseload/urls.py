from django.urls import path

from caseload import views

app_name = "caseload"
urlpatterns = [
    path("caseload/", views.review, name="review"),
    path("office/staff/<id:person>/end-access/", views.end_access, name="end_access"),
    path("caseload/responses/", views.responses, name="responses"),
    path("office/cadence/", views.cadence, name="cadence"),
    path("my-clients/", views.mine, name="mine"),
    path("client/<id:client>/", views.chart_page, name="chart"),
    path("client/<id:client>/picture/", views.picture, name="picture"),
    path("client/<id:client>/picture/print/", views.picture_print, name="picture_print"),
    path("client/<id:client>/ask/", views.ask, name="ask"),
    path("client/<id:client>/ask/<id:ask>/", views.ask_answer, name="ask_answer"),
    path("client/<id:client>/team/", views.team, name="team"),
    path("client/<id:client>/team/<id:member>/leave/", views.team_leave, name="team_leave"),
    path("client/<id:client>/episodes/", views.episodes, name="episodes"),
    path("client/<id:client>/episodes/<id:episode>/end/", views.discharge, name="discharge"),
    path("client/<id:client>/episodes/<id:episode>/level/", views.level, name="level"),
    path("client/<id:client>/episodes/<id:episode>/move/", views.transfer, name="transfer"),
    path("client/<id:client>/episodes/<id:episode>/wait/", views.not_admitted, name="not_admitted"),
]
