"""The platforms: what they say of the live video, its longest length, and the token's end."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from pipeline.live.watch.finding import Finding
from pipeline.live.watch.seen import PageNews, Seen

ENDED = frozenset({"LIVE_STOPPED", "PROCESSING", "VOD", "SCHEDULED_EXPIRED", "SCHEDULED_CANCELED"})
LONGEST = timedelta(hours=8)  # Facebook ends a live video after so long
WARN_S, GRAVE_S = 30 * 60, 5 * 60
TOKEN_SOON = timedelta(days=3)
STARVED = 0.8
BAD = frozenset({"bad", "poor", "error", "warning", "unhealthy"})


def pages(seen: Seen) -> Iterator[Finding]:
    """Every page that this broadcast has a live video on."""
    for name, page in seen.pages.items():
        about: dict[str, object] = {"destination": name}
        if page.get("error"):
            fields = page.get("fields")
            more = dict(fields) if isinstance(fields, dict) else {}
            yield Finding(str(page["error"]), "alarm", f"page-{name}", {**about, **more}, told=True)
        status = str(page.get("status"))
        if status in ENDED:
            yield Finding("watch.platform-ended", "alarm", f"ended-{name}", {**about, "status": status})
        elif status != "waiting":
            yield from _limit(seen, page, about)
            yield from _health(seen, page, about)
        yield from _news(seen, seen.page_news.get(name, PageNews()), about)


def _limit(seen: Seen, page: Mapping[str, object], about: dict[str, object]) -> Iterator[Finding]:
    left = page.get("seconds_left")
    left_s = left if isinstance(left, int) else (seen.begun + LONGEST - seen.now).total_seconds()
    if left_s <= WARN_S:
        fields = {**about, "minutes": max(0, int(left_s // 60))}
        level = "alarm" if left_s <= GRAVE_S else "warning"
        yield Finding("watch.platform-limit", level, f"limit-{about['destination']}", fields)


def _health(seen: Seen, page: Mapping[str, object], about: dict[str, object]) -> Iterator[Finding]:
    """The platform's own figures (`name=value, …`): far fewer pictures a second than are sent, or a bad word."""
    health = page.get("health")
    if not isinstance(health, str):
        return
    told = dict(one.split("=", 1) for one in health.split(", ") if "=" in one)
    try:
        got = float(told.get("video_framerate", ""))
    except ValueError:
        got = -1.0
    sent = seen.hub.get("feed", {}).get("fps")
    starved = got >= 0 and isinstance(sent, int | float) and got < STARVED * sent
    if starved or any(word in BAD for word in health.lower().replace("=", " ").replace(",", " ").split()):
        key = f"health-{about['destination']}"
        yield Finding("watch.platform-health", "warning", key, {**about, "health": health}, clear_s=30.0)


def _news(seen: Seen, news: PageNews, about: dict[str, object]) -> Iterator[Finding]:
    name = about["destination"]
    for trouble in news.troubles[-3:]:
        yield Finding("watch.platform-trouble", "alarm", f"trouble-{name}-{trouble}", {**about, "trouble": trouble})
    if news.token_ends is not None and news.token_ends - seen.utc < TOKEN_SOON:
        level = "alarm" if news.token_ends < seen.planned_end else "warning"
        hours = max(0, int((news.token_ends - seen.utc).total_seconds() // 3600))
        yield Finding("watch.token-ends", level, f"token-{name}", {**about, "hours": hours})
