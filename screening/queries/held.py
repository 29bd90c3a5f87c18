"""What someone holds in the screening room."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from clinic.access.chart import Open
from clinic.access.passing import Held
from clinic.record.models import Encounter, Flag
from screening.models import SafetyStep


def held(opened: Open, person: int) -> list[Held]:
    """Open flags, and the contacts that a safety step promised and that have not taken place."""
    mine = Flag.objects.filter(episode__in=opened.episode_ids, owner=person)
    later = SafetyStep.objects.filter(client=OuterRef("client"), at__gt=OuterRef("at"))
    seen = Encounter.objects.filter(client=OuterRef("client"), on__gt=OuterRef("at__date"))
    promised = SafetyStep.objects.filter(~Exists(later), ~Exists(seen), flag=OuterRef("pk"))
    return [
        Held(_("Open flags"), mine.filter(closed_at__isnull=True), "owner"),
        Held(
            _("Contacts after a safety step"), mine.filter(Exists(promised), closed_at__isnull=False), "owner"
        ),
    ]
