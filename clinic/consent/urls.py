from django.urls import path

from clinic.consent import views

HERE = "client/<id:client>/consents/"

app_name = "consent"
urlpatterns = [
    path("here/form/", views.client_start, name="client_start"),
    path("here/form/sign/", views.client_sign, name="client_sign"),
    path("here/form/done/", views.client_done, name="client_done"),
    path("deliveries/", views.worklist, name="worklist"),
    path("notices/", views.notices, name="notices"),
    path("complaints/", views.complaints, name="complaints"),
    path("client/<id:client>/notice/", views.notice, name="notice"),
    path("client/<id:client>/notice/paper/", views.notice_paper, name="notice_paper"),
    path(HERE, views.listing, name="list"),
    path(f"{HERE}record/", views.record, name="record"),
    path(f"{HERE}draft/", views.draft, name="draft"),
    path(f"{HERE}prepared/<id:offer>/", views.offer, name="offer"),
    path(f"{HERE}recipients/", views.recipients, name="recipients"),
    path(f"{HERE}recipients/<id:recipient>/checked/", views.checked, name="checked"),
    path(f"{HERE}recipients/<id:recipient>/gone/", views.gone, name="gone"),
    path(f"{HERE}packets/<id:packet>/", views.packet, name="packet"),
    path(f"{HERE}deliveries/<id:outbound>/", views.settle, name="settle"),
    path(f"{HERE}restrictions/", views.restrict, name="restrict"),
    path(f"{HERE}restrictions/<id:restriction>/end/", views.restriction_end, name="restriction_end"),
    path(f"{HERE}told/", views.tell, name="tell"),
    path(f"{HERE}account/", views.accounting, name="accounting"),
    path(f"{HERE}account/paper/", views.accounting_paper, name="accounting_paper"),
    path(f"{HERE}complaints/", views.complain, name="complain"),
    path(f"{HERE}complaints/<id:complaint>/", views.complaint, name="complaint"),
    path(f"{HERE}<id:consent>/", views.show, name="show"),
    path(f"{HERE}<id:consent>/paper/", views.consent_pdf, name="paper"),
    path(f"{HERE}<id:consent>/revoke/", views.revoke, name="revoke"),
    path(f"{HERE}<id:consent>/end/", views.end, name="end"),
]
