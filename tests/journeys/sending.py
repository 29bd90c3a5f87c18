"""Steps 4 and 5 of the day: consent, referral, packet, and what Celery sends by itself."""

import io
from email.message import EmailMessage

from pypdf import PdfReader

from clinic.consent import rules
from tests.journeys import story
from tests.journeys.clinic import Clinic, Person, choose
from tests.journeys.papers import is_accessible, words_of
from tests.running.houses import wait_until


def sign_a_consent(dana: Person, client: str) -> None:
    """Each missing element is named; then it is signed with the finger."""
    page = dana.page
    page.goto(f"{client}consents/")
    dana.press("Consent for one recipient")
    dana.press("Sign this consent")
    missing = page.locator("[data-error-summary]")
    missing.wait_for()
    for name in (
        "categories",
        "description",
        "recipient",
        "purposes",
        "revocation_told",
        "expires",
        "signature",
    ):
        assert rules.MISSING[name] in missing.inner_text(), name
    dana.shot("4-missing")
    choose(page, "recipient", story.RIVERBEND)
    dana.tick("categories", "reason", "problems", "mood_screens")
    dana.tick("purposes", "treatment")
    dana.fill(description="Why I am sent, my problems, and how my mood and nights are")
    dana.tick("revocation_told")
    dana.tick("expires", "date")
    dana.fill(expires_on=story.in_days(180), signer_name=f"{story.GIVEN} {story.FAMILY}")
    page.get_by_role("button", name="Sign this consent").scroll_into_view_if_needed()
    pad = page.locator("[data-signature-pad]").bounding_box()
    assert pad
    page.mouse.move(pad["x"] + 40, pad["y"] + 60)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(pad["x"] + 40 + 16 * step, pad["y"] + (40 if step % 2 else 80))
    page.mouse.up()
    dana.shot("4-consent", narrow=True)
    dana.press("Sign this consent")
    dana.sees("This text never changes", story.RIVERBEND)
    dana.shot("4-consent-signed")


def start_referral(dana: Person, client: str) -> None:
    page = dana.page
    page.goto(f"{client}referrals/new/")
    dana.actions = 0
    choose(page, "recipient", story.RIVERBEND)
    dana.fill(reason=story.WHY)
    dana.press("Continue")
    page.wait_for_url("**/contents/")


def send_what_it_covers(dana: Person, client: str, clinic: Clinic) -> None:
    """What the consent does not cover is greyed, with the reason; the rest goes out with notice and scope inside."""
    page, before = dana.page, len(clinic.mail(story.RECORDS))
    start_referral(dana, client)
    held = page.locator("label.held")
    for name in ("AUDIT", "DAST-10", "reatment plan"):
        row = held.filter(has_text=name).first
        assert row.locator("input").is_disabled()
        assert "The consent does not include this" in row.inner_text()
    dana.shot("4-contents")
    dana.press("Continue")
    page.wait_for_url("**/send/")
    dana.shot("4-send")
    dana.press("Release it by e-mail")
    dana.sees("Released.", "Call to confirm that it arrived")
    assert dana.actions <= 12
    dana.shot("4-referral")
    assert wait_until(lambda: len(clinic.mail(story.RECORDS)) > before, 60)
    letter = clinic.mail(story.RECORDS)[before]
    assert telling(letter) == []
    (attached,) = letter.iter_attachments()
    packet = PdfReader(io.BytesIO(attached.get_content()))
    text = words_of(packet)
    assert rules.STATEMENT_1 in text
    assert story.WHY in text
    assert "PHQ-9" in text
    assert "The client agreed in writing on" in text
    assert "Mood, anxiety and trauma questionnaires" in text
    for word in ("AUDIT", "DAST", story.GOALS[0], story.HOW):
        assert word not in text, word
    assert is_accessible(packet)


def telling(letter: EmailMessage) -> list[str]:
    """Words in subject, headers, body or file name that tell what kind of place this is."""
    heads = [f"{name}: {value}" for part in letter.walk() for name, value in part.items()]
    body = letter.get_body(("plain",))
    assert body is not None
    return rules.telling_words(
        "\n".join([*heads, body.get_content()]), also=[story.SUD, story.MH, story.BOTH]
    )


def stop_what_still_waits(dana: Person, client: str, clinic: Clinic) -> None:
    """A second packet waits; she takes the consent back; nothing comes."""
    page, before = dana.page, len(clinic.mail(story.RECORDS))
    with clinic.nothing_is_sent():
        start_referral(dana, client)
        dana.press("Continue")
        page.wait_for_url("**/send/")
        dana.press("Release it by e-mail")
        dana.sees("Released.")
        page.goto(f"{client}consents/")
        page.get_by_role("main").get_by_role("link", name=story.RIVERBEND).first.click()
        dana.press("The client takes it back")
        dana.sees("These have not left yet", "What it cannot call back")
        dana.fill(text="Please send nothing more to Riverbend.")
        dana.shot("4-revoke")
        dana.press("Take the consent back now")
        dana.sees("Taken back", "Stopped before it left.")
    assert len(clinic.mail(story.RECORDS)) == before
    start_referral(dana, client)
    dana.sees("No consent lets anything go", "The client took the consent back")


def see_what_celery_sent(dana: Person, clinic: Clinic) -> None:
    """Her reminder and a colleague's nudge came by SMTP, in words that tell nobody what this place is."""
    reminder = clinic.one_mail(story.EMAIL)
    nudges = clinic.mail("dana@entwine.example")
    assert nudges
    for letter in (reminder, *nudges):
        assert telling(letter) == []
    body = reminder.get_body(("plain",))
    assert body is not None
    assert "Maple Street Office" in body.get_content()
    dana.page.goto("/office/mail/")
    dana.sees(story.EMAIL, "dana@entwine.example", str(reminder["Subject"]))
    dana.page.screenshot(path=clinic.pictures / "5-mail.png")
