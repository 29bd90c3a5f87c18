from django.urls import path

from intake import views

app_name = "intake"
urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("desk/register/", views.register_page, name="register"),
    path("desk/register/alike/", views.alike, name="alike"),
    path("desk/register/program/", views.program_fields, name="program_fields"),
    path("desk/admit/<id:client>/", views.admit_page, name="admit"),
    path("client/<id:client>/contact/", views.contact, name="contact"),
    path("client/<id:client>/contact/new/", views.contact_new, name="contact_new"),
    path("client/<id:client>/contact/<id:contact>/", views.contact_edit, name="contact_edit"),
    path("client/<id:client>/contact/<id:contact>/end/", views.contact_end, name="contact_end"),
]
