"""Where the presets and the example station that come with the program lie, in a checkout and in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped_presets() -> Path:
    """The folder with classes/, encoders/, destinations/, captions/ and cards/."""
    return _beside("presets", _PACKAGE / "_shipped")


def shipped_config() -> Path:
    """The commented config.yaml that a new station begins with."""
    return _beside("config.yaml", _PACKAGE / "_shipped" / "config.yaml")


def _beside(name: str, inside: Path) -> Path:
    # A checkout first: an editable install may hold a stale copy inside the package.
    checkout = _PACKAGE.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / name).exists():
        return checkout / name
    if inside.exists():
        return inside
    raise FileNotFoundError(inside)
