from django.urls import path

from clinic.office import views, visits

app_name = "office"
urlpatterns = [
    path("office/mail/", views.messages, name="messages"),
    path("office/access/", views.access_search, name="access_search"),
    path("office/staff/", views.staff, name="staff"),
    path("office/on-call/", views.on_call, name="on_call"),
    path("office/settings/", views.clinic_settings, name="settings"),
    path("office/me/", views.me, name="me"),
    path("clients/<id:client>/hand-over/<slug:kind>/<id:thing>/", views.hand_over, name="hand_over"),
    path("v/<slug:token>/", visits.visit, name="visit"),
    path("here/back/", views.hand_back, name="hand_back"),
    path("here/language/", views.speak, name="speak"),
    path("here/leave/", views.leave, name="leave"),
    path("client/<id:client>/access/", views.access, name="access"),
]
