"""Which part of life a problem from elsewhere belongs to, by its code where that tells, else by its words."""

import re

SUBSTANCE_USE, MENTAL_HEALTH, MEDICAL, SOCIAL, LEGAL = (
    "substance_use",
    "mental_health",
    "medical",
    "social",
    "legal",
)

# ICD-10-CM: F10 to F19 are disorders due to substances; the rest of F is mental health; Z55 to Z65 what life brings.
_ICD = (
    (r"^(F1[0-9]|T40|Z71\.[45]|Z72\.0|Z86\.4)", SUBSTANCE_USE),
    (r"^(Z65\.[0-3])", LEGAL),
    (r"^(F|R45|T14\.91|X[67]\d)", MENTAL_HEALTH),
    (r"^Z(5[5-9]|6[0-5])", SOCIAL),
)
_WORDS = (
    (r"\b(alcohol\w*|drug (use|misuse|abuse|dependence|overdose)|substance|opioid\w*|opiate\w*|heroin|cocaine|cannabis|"
     r"marijuana|tobacco|nicotine|smok\w+|methamphetamine\w*|misuses? drugs|dependent drug|overdose|withdrawal)\b", SUBSTANCE_USE),
    (r"\b(criminal|jail|prison|arrest\w*|probation|parole|legal|court)\b", LEGAL),
    (r"\b(depress\w*|anxi\w*|panic|bipolar|schizo\w*|psycho(sis|tic)|post-?traumatic|ptsd|suicid\w*|self[- ]harm\w*|"
     r"attention deficit|adhd|obsessive|eating disorder|bulimi\w*|anorexia nervosa|personality disorder|mood|mental|"
     r"dementia|insomnia|stress)\b", MENTAL_HEALTH),
    (r"\b(employ\w*|labou?r force|education\w*|school|housing|homeless\w*|refugee|transport\w*|isolat\w*|social contact|"
     r"violence|abuse|food insecurity|income|unhoused|immigrant|victim)\b", SOCIAL),
)  # fmt: skip


def domain_of(words: str, system: str, code: str) -> str:
    """substance_use, mental_health, legal, social or medical: a first guess that a clinician can change."""
    if "icd-10" in system:
        return next((domain for pattern, domain in _ICD if re.match(pattern, code)), MEDICAL)
    said = words.lower()
    return next((domain for pattern, domain in _WORDS if re.search(pattern, said)), MEDICAL)
