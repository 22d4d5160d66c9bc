"""Where events may go, of what, and how long is waited between tries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from services.node.domain.errors import InvalidInputError
from services.node.domain.webhooks import (
    GIVES_UP_AFTER,
    check_types,
    check_url,
    host_of,
    is_public,
    pause,
    port_of,
    target_of,
)

INSIDE = (
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:192.168.1.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:db8::1",
)
OUTSIDE = ("1.1.1.1", "203.119.0.1", "2606:4700::1111", "::ffff:1.1.1.1")


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_on_the_internet_is_public(address):
    assert is_public(address)


def test_an_address_is_taken_apart_as_it_is_called():
    parts = check_url("https://register.example:8443/a/b?c=d")
    assert (host_of(parts), port_of(parts)) == ("register.example", 8443)
    assert target_of(parts) == "/a/b?c=d"
    bare = check_url("https://register.example")
    assert (port_of(bare), target_of(bare)) == (443, "/")
    number = check_url("https://[2606:4700::1111]:8443/")
    assert (host_of(number), port_of(number)) == ("2606:4700::1111", 8443)


def test_only_the_host_that_the_operator_named_may_be_inside():
    assert check_url("https://10.1.2.3/", ("10.1.2.3",))
    with pytest.raises(InvalidInputError, match="public internet"):
        check_url("https://10.1.2.4/", ("10.1.2.3",))


@pytest.mark.parametrize(
    "url",
    [
        "http://register.example/",
        "https://Register.example/",
        "https://a:b@register.example/",
        "https://register.example:99999/",
        "https://register.example/ö",
        "https://" + "a" * 500,
    ],
)
def test_what_is_no_plain_address_of_https_is_refused(url):
    with pytest.raises(InvalidInputError) as refused:
        check_url(url)
    assert refused.value.code == "webhook.bad_url"


def test_a_program_is_told_of_what_a_scope_of_its_own_opens():
    both = ("case.changed", "referral.changed", "case.changed")
    assert check_types(both, ["read_cases"]) == both[:2]
    assert check_types(["referral.changed"], ["referrals"]) == ("referral.changed",)
    wrong: tuple[tuple[Sequence[str], list[str]], ...] = (
        (both, ["referrals"]),
        (["referral.changed"], ["directory", "administration", "audit"]),
        (["webhook.test"], ["read_cases"]),
        (["case.closed"], ["read_cases"]),
        ([], ["read_cases"]),
    )
    for types, scopes in wrong:
        with pytest.raises(InvalidInputError) as refused:
            check_types(types, scopes)
        assert refused.value.code == "webhook.bad_types"


def test_the_pause_doubles_up_to_six_hours_and_many_fit_before_it_gives_up():
    assert [pause(n).total_seconds() for n in (1, 2, 3, 4)] == [5, 10, 20, 40]
    assert pause(100) == timedelta(hours=6)
    waited, tries = timedelta(), 0
    while waited < GIVES_UP_AFTER:
        tries += 1
        waited += pause(tries)
    assert 20 < tries < 40
