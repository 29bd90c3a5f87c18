from django.urls import path

from clinic.consent import views

HERE = "client/<id:client>/consents/"

app_name = "consent"
urlpatterns = [
    path("deliveries/", views.worklist, name="worklist"),
    path(HERE, views.listing, name="list"),
    path(f"{HERE}record/", views.record, name="record"),
    path(f"{HERE}draft/", views.draft, name="draft"),
    path(f"{HERE}recipients/", views.recipients, name="recipients"),
    path(f"{HERE}recipients/<id:recipient>/checked/", views.checked, name="checked"),
    path(f"{HERE}packets/<id:packet>/", views.packet, name="packet"),
    path(f"{HERE}deliveries/<id:outbound>/", views.settle, name="settle"),
    path(f"{HERE}<id:consent>/", views.show, name="show"),
    path(f"{HERE}<id:consent>/paper/", views.consent_pdf, name="paper"),
    path(f"{HERE}<id:consent>/revoke/", views.revoke, name="revoke"),
]
