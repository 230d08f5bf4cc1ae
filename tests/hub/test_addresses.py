"""A leg's addresses: the spare one after three tries in vain, and back in turn."""

from pipeline.hub.addresses import TRIES, Addresses
from pipeline.hub.spec import LegSpec

SPEC = LegSpec("leg", "rtmp", "rtmp://one/a", "k1", spare_url="rtmp://two/a", spare_secret="k2")


def test_it_takes_turns() -> None:
    addresses = Addresses(SPEC)
    tried = []
    for _ in range(3 * TRIES):
        tried.append((addresses.spec.url, addresses.spec.secret))
        addresses.failed()
    one, two = ("rtmp://one/a", "k1"), ("rtmp://two/a", "k2")
    assert tried == [one] * TRIES + [two] * TRIES + [one] * TRIES


def test_an_address_that_works_is_kept() -> None:
    addresses = Addresses(SPEC)
    for _ in range(5):
        assert not addresses.failed()
        assert not addresses.failed()
        addresses.worked()
    assert addresses.which == "first"


def test_without_a_spare_one_nothing_changes() -> None:
    addresses = Addresses(LegSpec("leg", "rtmp", "rtmp://one/a", "k1"))
    assert not any(addresses.failed() for _ in range(20))
    assert addresses.spec.url == "rtmp://one/a"


def test_keys_are_not_shown() -> None:
    assert "k1" not in repr(SPEC)
    assert "k2" not in repr(SPEC)
