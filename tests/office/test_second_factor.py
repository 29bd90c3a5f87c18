"""The second factor: available to all, required of staff in production, its secret never stored in clear."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse

from clinic.office.accounts import SecondFactor
from tests.cast import PASSWORD


def _sign_in(client, email="dana@clinic.example"):
    return client.post(reverse("account_login"), {"login": email, "password": PASSWORD})


def _activate(client):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    code = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    return secret, client.post(reverse("mfa_activate_totp"), {"code": code})


def test_in_production_nobody_opens_anything_before_they_have_a_second_factor(cast, client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    june = cast.register()
    _sign_in(client)
    for page in (reverse("caseload:mine"), reverse("caseload:chart", args=[june])):
        answer = client.get(page)
        assert (answer.status_code, answer.url) == (302, reverse("mfa_activate_totp"))


def test_the_secret_is_encrypted_at_rest_and_recovery_codes_come_with_it(cast, client):
    _sign_in(client)
    secret, answer = _activate(client)
    assert answer.status_code == 302
    kept = Authenticator.objects.get(user=cast.dana, type=Authenticator.Type.TOTP)
    assert secret not in str(kept.data)
    assert SecondFactor().decrypt(kept.data["secret"]) == secret
    assert Authenticator.objects.filter(user=cast.dana, type=Authenticator.Type.RECOVERY_CODES).exists()
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200


def test_with_a_second_factor_the_password_alone_opens_nothing(cast, client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    _sign_in(client)
    _activate(client)
    client.post(reverse("account_logout"))
    answer = _sign_in(client)
    assert answer.url == reverse("mfa_authenticate")
    assert client.get(reverse("caseload:mine")).status_code == 302
