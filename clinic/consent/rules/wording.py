"""Which words must not leave, because they tell what kind of place this is; how long to wait between tries."""

import re
from collections.abc import Iterable

# Stems that tell a reader over the shoulder what kind of clinic this is, English and Spanish (42 CFR 2.11: to confirm
# that someone is a patient is to disclose; P20).
FORBIDDEN = (
    "substance", "drug", "alcohol", "addict", "recover", "rehab", "detox", "sober", "sobri", "relapse", "opioid",
    "methadone", "buprenorphine", "naloxone", "mental", "psych", "counsel", "therap", "treatment", "behavioral",
    "behavioural", "depress", "anxiety", "suicid", "trauma", "crisis", "diagnos", "program", "patient", "clinic",
    "medication", "prescri", "42 cfr", "part 2", "phq", "gad-7", "pcl-5", "audit", "dast",
    "sustancia", "droga", "adicci", "recuperaci", "tratamiento", "terapia", "psiqui", "psico", "consejer", "salud",
    "paciente", "programa", "clínica", "medicamento", "desintoxic",
)  # fmt: skip


def telling_words(text: str, also: Iterable[str] = ()) -> list[str]:
    """The words in `text` that would tell what kind of place this is; `also`: the clinic's own program names."""
    plain = text.lower()
    found = [stem for stem in FORBIDDEN if re.search(rf"\b{re.escape(stem)}", plain)]
    return found + [name for name in also if name.strip() and name.strip().lower() in plain]


# Minutes to wait after each refused send; after the last one a person decides.
WAITS = (1, 5, 15, 60, 240, 720, 1440)


def next_wait(attempts: int) -> int | None:
    """Minutes until the next try after that many refused ones; None: no more, it goes to the worklist."""
    return WAITS[attempts - 1] if 0 < attempts <= len(WAITS) else None
