"""The words of a consent and of what leaves: what is signed is exactly what was shown."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clinic.consent.models import Category, Consent, ConsentKind, Expires, Purpose
from clinic.kit.dates import date_format

TEXT_VERSION = "2026-02"  # of these words; a change of what they mean is a new one
SUBJECT_STAFF = "Something is waiting for you in Entwine"


def tpo_class() -> str:
    """Who a consent for all treatment, payment and operations may name as a class (42 CFR 2.31(a)(4)(i))."""
    return _(
        "My treating providers, health plans, third-party payers, and people helping to operate this program"
    )


def revocation_words() -> str:
    """The right to take it back, and how (2.31(a)(6))."""
    return _(
        "I can take this back at any time. I write a note in my own words and hand it to any one who works here, or "
        "mail it. Sharing stops when the note comes in. What was sent before can not be called back."
    )


def redisclosure_words() -> str:
    """2.31(a)(4)(iii): what a covered entity or business associate may do with what it receives for TPO."""
    return _(
        "Those who give me care, health plans, and those who help them may share it again. They must keep to the health "
        "privacy law (HIPAA). They may not use it or share it in a case against me. That goes for each kind of case: "
        "civil, criminal, administrative and legislative."
    )


def consequences_words() -> str:
    """2.31(a)(10): the risk of redisclosure, and the consequences of refusing."""
    return _(
        "Those who get it may share it again, and then these rules may no longer guard it. I can say no. My care here "
        "goes on if I say no. But others who treat me may not know what they need to know. A plan may not pay, and I "
        "may be asked to pay for a service."
    )


def refusing_words(kind: str) -> str:
    """What saying no means, by kind. For counseling notes it means nothing at all (2.31(b)(3))."""
    if kind == ConsentKind.NOTES:
        return _(
            "I can say no to this. My care, what I pay, my health plan and my benefits stay just the same if I do."
        )
    return _("I can say no. My care here goes on.")


def fundraising_words(consent: Consent) -> str:
    """2.31(a)(5)(iii): the right not to be asked for gifts, and what the client chose."""
    if consent.no_fundraising:
        return _("I do not want to be asked for gifts to the clinic. It will not use my record for that.")
    return _("The clinic may ask me for gifts. I can say no to that at any time, and each time I am asked.")


def expiry_words(consent: Consent) -> str:
    if consent.expires == Expires.DATE and consent.expires_on:
        return _("It ends at the end of %(date)s.") % {"date": date_format(consent.expires_on, "j F Y")}
    if consent.expires == Expires.EVENT:
        return _("It ends when this has happened: %(event)s.") % {"event": consent.expires_event}
    if consent.expires == Expires.END_OF_TREATMENT:
        return _("It ends when my care here ends.")
    return _("It does not end until I take it back.")


def labels(kind: Any, names: Iterable[str]) -> str:
    return "; ".join(str(kind(name).label) for name in names)


def inside_words(consent: Consent) -> str:
    """Who receives when the recipient is another program of this house."""
    return _("Those who treat me in %(program)s, here in this clinic") % {"program": consent.recipient_words}


def body(consent: Consent) -> list[tuple[str, str]]:
    """What is read before it is signed, as headed paragraphs in the order of 42 CFR 2.31(a)."""
    inside = consent.kind == ConsentKind.INSIDE
    found = [
        (_("Whose information"), consent.patient_name),
        (_("Who may share it"), consent.discloser),
        (_("What may be shared"), f"{labels(Category, consent.categories)}. {consent.description}"),
        (_("Who may receive it"), inside_words(consent) if inside else consent.recipient_words),
    ]
    if consent.via_intermediary:
        found.append((_("Whom they may pass it on to"), consent.members))
    if consent.redisclosure_told:
        found.append((_("Sharing further"), redisclosure_words()))
    found.append((_("What it may be used for"), labels(Purpose, consent.purposes)))
    if consent.proceeding:
        found.append((_("Which case"), consent.proceeding))
    if Purpose.OPERATIONS in consent.purposes:
        found.append((_("Being asked for gifts"), fundraising_words(consent)))
    found += [(_("Taking it back"), consent.revocation_words), (_("When it ends"), expiry_words(consent))]
    if consent.consequences_told:
        found.append((_("What I should know"), consequences_words()))
    else:
        found.append((_("If I say no"), refusing_words(consent.kind)))
    return found


def _signer(consent: Consent) -> str:
    if not consent.by_representative:
        return consent.signer_name
    words = {
        "name": consent.signer_name, "authority": consent.authority, "document": consent.authority_document,
    }  # fmt: skip
    if not consent.authority_document:
        return _("%(name)s, for the client, as %(authority)s") % words
    return _("%(name)s, for the client, as %(authority)s. Paper seen: %(document)s") % words


def parts(consent: Consent) -> list[tuple[str, str]]:
    """The whole consent: what was read, and who signed it when."""
    parent = [(_("Signed by the parent or guardian"), consent.parent_name)] if consent.parent_name else []
    signed = (_("Signed on"), date_format(consent.signed_on, "j F Y"))
    return [*body(consent), (_("Signed by"), _signer(consent)), *parent, signed]


TITLES = {
    ConsentKind.GENERAL: gettext_noop("Consent to share information"),
    ConsentKind.TPO: gettext_noop("Consent to share for treatment, payment and health care operations"),
    ConsentKind.NOTES: gettext_noop("Consent to share counseling notes"),
    ConsentKind.LEGAL: gettext_noop("Consent to share for a legal proceeding"),
    ConsentKind.INSIDE: gettext_noop("Consent for another program here to read my record"),
}


def title(consent: Any) -> str:
    """The form's name; of a consent or of one that is prepared."""
    return _(TITLES[ConsentKind(consent.kind)])


def shown_text(consent: Consent) -> str:
    """What the client read before signing, as text: its hash says that this and nothing else was signed."""
    return "\n\n".join([title(consent), *(f"{head}\n{text}" for head, text in body(consent))])


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
