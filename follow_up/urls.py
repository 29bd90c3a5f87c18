from django.urls import path

from follow_up import views

REFERRALS = "client/<id:client>/referrals/"
VISITS = "client/<id:client>/appointments/"

app_name = "follow_up"
urlpatterns = [
    path("here/form/preview/", views.client_preview, name="client_preview"),
    path("schedule/", views.day, name="day"),
    path("referrals/", views.referrals, name="referrals"),
    path(REFERRALS, views.client_referrals, name="client_referrals"),
    path(f"{REFERRALS}new/", views.new, name="new"),
    path(f"{REFERRALS}<id:referral>/", views.referral, name="referral"),
    path(f"{REFERRALS}<id:referral>/contents/", views.contents, name="contents"),
    path(f"{REFERRALS}<id:referral>/send/", views.send, name="send"),
    path(f"{REFERRALS}<id:referral>/step/", views.step, name="step"),
    path("client/<id:client>/consents/prepared/<id:offer>/preview/", views.preview, name="preview"),
    path(f"{VISITS}book/", views.book, name="book"),
    path(f"{VISITS}<id:appointment>/<str:what>/", views.mark, name="mark"),
]
