"""A rehearsal's destinations: the real ones' names, and nothing else of them.

A rehearsing broadcast is not given the addresses and keys at all, so that no fault of ours can send there.
"""

from collections.abc import Mapping

from pipeline.model.config import CableDestination, Destination, NowhereDestination, Settings

DISCARD = "udp://127.0.0.1:9"  # nobody listens there, and loopback leaves no computer


def away(destinations: Mapping[str, Destination]) -> dict[str, Destination]:
    """Each replaced: a cable feed is made and paced in full and ends on loopback, the others are counted."""
    return {
        name: one.model_copy(update={"url": DISCARD, "interface": None})
        if isinstance(one, CableDestination)
        else NowhereDestination(kind="nowhere")
        for name, one in destinations.items()
    }


def settings_away(settings: Settings) -> Settings:
    return settings.model_copy(update={"destinations": away(settings.destinations)})
