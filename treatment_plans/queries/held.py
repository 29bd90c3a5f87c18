"""What someone holds in plans that are not signed yet, and what they were asked to sign."""

from django.utils.translation import gettext as _

from clinic.access.chart import Open
from clinic.access.passing import Held
from treatment_plans.models import Cosigning, Intervention, Plan


def held(opened: Open, person: int) -> list[Held]:
    """Drafts they began, what they are responsible for in drafts, and plans that wait for their cosignature.

    What is signed stays as it was signed; a new version names somebody else.
    """
    here = {"episode__in": opened.episode_ids}
    return [
        Held(_("Plan drafts"), Plan.objects.filter(**here, author=person, frozen_at__isnull=True), "author"),
        Held(
            _("Planned steps in drafts"),
            Intervention.objects.filter(**here, staff=person, plan__frozen_at__isnull=True),
            "staff",
        ),
        Held(
            _("Cosignatures asked for"),
            Cosigning.objects.filter(**here, supervisor=person, answered_at__isnull=True),
            "supervisor",
        ),
    ]
