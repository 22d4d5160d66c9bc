"""Password hashes are argon2id with the parameters of RFC 9106."""

from __future__ import annotations

from services.node.keys.passwords import hash_password, password_holds


def test_a_hash_names_the_low_memory_profile_of_rfc_9106():
    phc = hash_password("bốn con ngựa đứng yên")
    assert phc.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert password_holds(phc, "bốn con ngựa đứng yên")
    assert not password_holds(phc, "bốn con ngựa đứng yê")


def test_the_same_password_has_another_hash_each_time():
    assert len({hash_password("bốn con ngựa", 64) for _ in range(3)}) == 3


def test_nobodys_password_never_holds_and_neither_does_a_damaged_hash():
    assert not password_holds(None, "", 64)
    assert not password_holds("$argon2id$v=19$m=64", "bốn con ngựa", 64)
    assert not password_holds("", "bốn con ngựa", 64)
