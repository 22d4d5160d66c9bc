"""A sealed letter opens for its recipient alone, and its label tells four things."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.flows.exchange import NO_HEAD, Delivery, Growth
from services.node.flows.letters import (
    Bundle,
    Letter,
    check_label,
    open_letter,
    seal_letter,
)
from services.node.flows.own import OwnMember
from services.node.keys.sealing_keys import SealingPrivateKey
from services.node.wire.letters import decode_label, encode_label

NOW = datetime(2018, 3, 5, 23, 30, tzinfo=UTC)
GROWTH = Growth(b"note", 3, (bytes(32),))
LETTER = Letter("nha-hoa-ban", Delivery(NO_HEAD, GROWTH, ()), None, (GROWTH,))


@pytest.fixture(scope="module")
def private() -> SealingPrivateKey:
    return SealingPrivateKey.generate()


@pytest.fixture(scope="module")
def bundle(private) -> Bundle:
    return sealed(private, LETTER)


def sealed(private: SealingPrivateKey, letter: Letter) -> Bundle:
    key = SimpleNamespace(raw=private.public_raw, key_id=private.key_id)
    directory: Any = SimpleNamespace(sealing_key_for=lambda _member, _now: key)
    return seal_letter(directory, "liaison-laos", letter, NOW)


def member(name: str, *keys: SealingPrivateKey) -> OwnMember:
    sealing = {each.key_id: each for each in keys}
    own = SimpleNamespace(name=name, keys=SimpleNamespace(sealing=sealing))
    return cast("OwnMember", own)


def test_a_letter_opens_for_its_recipient(private, bundle):
    assert open_letter(member("liaison-laos", private), bundle) == LETTER


def test_its_label_tells_recipient_key_bucket_and_day(private, bundle):
    label = decode_label(bundle.label)
    assert (label.recipient, label.day) == ("liaison-laos", "2018-03-05")
    assert (label.sealing_key_id, label.bucket) == (private.key_id, 4096)
    assert b"nha-hoa-ban" not in bundle.label + bundle.sealed


def test_letters_of_one_bucket_have_one_length(private, bundle):
    longer = replace(LETTER, growths=(GROWTH,) * 20)
    assert len(sealed(private, longer)) == len(bundle)


def test_it_opens_for_nobody_else_and_under_no_other_label(private, bundle):
    with pytest.raises(VerificationError, match="does not hold"):
        open_letter(member("liaison-laos", SealingPrivateKey.generate()), bundle)
    with pytest.raises(InvalidInputError, match="another member"):
        open_letter(member("yen-bai", private), bundle)
    label = decode_label(bundle.label)
    for other in (
        replace(label, recipient="yen-bai"),
        replace(label, day="2018-03-06"),
    ):
        moved = Bundle(encode_label(other), bundle.sealed)
        with pytest.raises(VerificationError):
            open_letter(member(other.recipient, private), moved)


@pytest.mark.parametrize("change", [{"bucket": 8192}, {"sealing_key_id": b"short"}])
def test_a_label_that_does_not_fit_is_refused(bundle, change):
    label = replace(decode_label(bundle.label), **change)
    with pytest.raises(InvalidInputError):
        check_label(Bundle(encode_label(label), bundle.sealed))


def test_a_label_in_another_encoding_is_refused(bundle):
    doubled = bundle.label + encode_label(decode_label(bundle.label))
    with pytest.raises(InvalidInputError):
        check_label(Bundle(doubled, bundle.sealed))


def test_a_letter_that_says_nothing_or_shows_no_growth_is_refused(private):
    reader = member("liaison-laos", private)
    for bad in (replace(LETTER, batch=None), replace(LETTER, growths=())):
        with pytest.raises(InvalidInputError):
            open_letter(reader, sealed(private, bad))


def test_a_letter_is_named_by_label_and_seal(bundle):
    later = Bundle(bundle.label, bundle.sealed[:-1] + b"x")
    assert later.digest != bundle.digest
