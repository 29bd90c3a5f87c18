"""Pango for the PDF writer, where the system has none: Debian's own packages, unpacked without root."""

from house import debian

NEEDED = ("libgobject-2.0.so.0", "libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
PACKAGES = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
COMMAND = "apt-get install -y --no-install-recommends " + " ".join(PACKAGES)
FOLDER = debian.HOME / "pango"
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}/root/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{folder}/cache</cachedir>
</fontconfig>
"""


def is_installed() -> bool:
    """Whether the system itself has what the PDF writer loads."""
    return all(debian.has_library(name) for name in NEEDED)


def provide() -> str | None:
    """PDFs can be written; otherwise the sentence that says why not and which command helps."""
    if is_installed():
        return None
    try:
        folder = debian.unpack("pango", PACKAGES)
    except (debian.NoApt, OSError) as error:
        return (
            f"PDFs cannot be written ({error}); pages print from the browser. This helps, as root: {COMMAND}"
        )
    (folder / "fonts.conf").write_text(FONTS.format(folder=folder))
    return None


def fonts() -> dict[str, str]:
    """Where the unpacked Pango finds its fonts; nothing where the system has its own."""
    if not (FOLDER / "fonts.conf").exists() or is_installed():
        return {}
    return {"FONTCONFIG_FILE": str(FOLDER / "fonts.conf")}
