"""What the door's pages take."""

from intake.forms.contact import ContactForm
from intake.forms.register import PlaceForm, RegisterForm

__all__ = ["ContactForm", "PlaceForm", "RegisterForm"]
