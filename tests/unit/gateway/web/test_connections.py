"""What counts as one address, where connections are counted."""

from __future__ import annotations

import pytest

from gateway.web.connections import counted_as


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_who_chooses_among_many_addresses_is_counted_once(address, counted):
    assert counted_as(address) == counted
