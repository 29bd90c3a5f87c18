"""The words of a consent and of what leaves: what is signed is exactly what was shown."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.consent.models import Category, Consent, ConsentKind, Expires, Purpose

SUBJECT_STAFF = "Something is waiting for you in Entwine"


def tpo_class() -> str:
    """Who a consent for all treatment, payment and operations may name as a class (42 CFR 2.31(a)(4)(i))."""
    return _(
        "My treating providers, health plans, third-party payers, and people helping to operate this program"
    )


def revocation_words() -> str:
    """The right to take it back, and how (2.31(a)(6))."""
    return _(
        "I may take this consent back at any time by telling this office in writing. A note in my own words is enough; "
        "hand it to anyone who works here, or mail it. Sharing stops when the note is received. What was already "
        "shared while the consent held cannot be called back."
    )


def redisclosure_words() -> str:
    """2.31(a)(4)(iii): what a covered entity or business associate may do with what it receives for TPO."""
    return _(
        "Health care providers, health plans and those who work for them, who receive my information under this "
        "consent, may share it further as the federal privacy rules for health care (HIPAA) allow. They may not use or "
        "share it in civil, criminal, administrative or legislative proceedings against me."
    )


def consequences_words() -> str:
    """2.31(a)(10): the risk of redisclosure, and the consequences of refusing."""
    return _(
        "Information shared under this consent may be shared again by whoever receives it, and may then no longer be "
        "protected by these rules. I may refuse to sign. My care here goes on if I refuse; but others who treat me, or "
        "who pay for my care, may then not know what they need, and I may be asked to pay for a service myself."
    )


def expiry_words(consent: Consent) -> str:
    if consent.expires == Expires.DATE and consent.expires_on:
        return _("It ends at the end of %(date)s.") % {"date": date_format(consent.expires_on, "j F Y")}
    if consent.expires == Expires.END_OF_TREATMENT:
        return _("It ends when my treatment here ends.")
    return _("It does not end until I take it back.")


def labels(kind: Any, names: Iterable[str]) -> str:
    return "; ".join(str(kind(name).label) for name in names)


def parts(consent: Consent) -> list[tuple[str, str]]:
    """The consent as headed paragraphs, in the order of 42 CFR 2.31(a)."""
    told = [(_("Sharing further"), redisclosure_words())] if consent.redisclosure_told else []
    risks = [(_("What I should know"), consequences_words())] if consent.consequences_told else []
    signer = consent.signer_name
    if consent.by_representative:
        signer = _("%(name)s, for the client, as %(authority)s") % {
            "name": signer,
            "authority": consent.authority,
        }
    return [
        (_("Whose information"), consent.patient_name),
        (_("Who may share it"), consent.discloser),
        (_("What may be shared"), f"{labels(Category, consent.categories)}. {consent.description}"),
        (_("Who may receive it"), consent.recipient_words),
        *told,
        (_("What it may be used for"), labels(Purpose, consent.purposes)),
        (_("Taking it back"), consent.revocation_words),
        (_("When it ends"), expiry_words(consent)),
        *risks,
        (_("Signed by"), signer),
        (_("Signed on"), date_format(consent.signed_on, "j F Y")),
    ]


def title(consent: Consent) -> str:
    if consent.kind == ConsentKind.TPO:
        return _("Consent to share for treatment, payment and health care operations")
    return _("Consent to share information")


def full_text(consent: Consent) -> str:
    """The whole consent as text: this is what the hash is of."""
    return "\n\n".join([title(consent), *(f"{head}\n{text}" for head, text in parts(consent))])


def scope(consent: Consent) -> list[str]:
    """A clear explanation of the scope of the consent, which goes with the packet (42 CFR 2.32(b))."""
    return [
        _("The client agreed in writing on %(date)s that %(who)s may share this information.")
        % {"date": date_format(consent.signed_on, "j F Y"), "who": consent.discloser},
        _("Who may receive it: %(who)s.") % {"who": consent.recipient_words},
        _("What may be shared: %(what)s. %(words)s")
        % {"what": labels(Category, consent.categories), "words": consent.description},
        _("What it may be used for: %(purposes)s.") % {"purposes": labels(Purpose, consent.purposes)},
        expiry_words(consent),
        _("The client may take the consent back in writing at any time."),
    ]


def sha256(data: str | bytes) -> str:
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()
