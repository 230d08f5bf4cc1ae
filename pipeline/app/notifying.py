"""The ways of notifying people, wired from the settings."""

from collections.abc import Callable

from pipeline.clock import SYSTEM
from pipeline.live.notices import Notices, Notifier, Words
from pipeline.live.plan import BroadcastPlan
from pipeline.model.config import Notify

Narrator = Callable[[str], Words]  # from a language to its words


def ways(settings: Notify) -> list[Notifier]:
    """A notifier for each way that is set up. Refused where one would send openly."""
    found: list[Notifier] = []
    if settings.email is not None:
        from pipeline.adapters.notify.mail import MailNotifier  # late: most stations have none

        found.append(MailNotifier(settings.email))
    if settings.webhook is not None:
        from pipeline.adapters.notify.webhook import WebhookNotifier

        found.append(WebhookNotifier(settings.webhook))
    return found


def notices(plan: BroadcastPlan, narrator: Narrator) -> Notices | None:
    """The notices of a broadcast; None where nobody is to be told."""
    settings = plan.settings
    found = ways(settings.notify)
    if not found:
        return None
    return Notices(
        found,
        SYSTEM,
        narrator(settings.station.language),
        station=settings.station.name,
        broadcast=plan.title,
        from_level=settings.notify.from_level,
    )
