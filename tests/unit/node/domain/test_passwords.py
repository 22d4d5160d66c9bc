"""What may be chosen as a password: length decides, guesses are refused."""

from __future__ import annotations

import pytest

from services.node.domain.errors import InvalidInputError
from services.node.domain.passwords import check_password


def refused(password: str) -> str:
    with pytest.raises(InvalidInputError) as error:
        check_password(password, "can-bo-1", "lao-cai")
    assert not password or password not in str(error.value)
    return error.value.code


@pytest.mark.parametrize("length", [0, 1, 11, 129, 5000])
def test_twelve_to_128_characters_are_asked_for(length):
    assert refused(("bốn con ngựa " * 400)[:length]) == "sign_in.password_length"


@pytest.mark.parametrize(
    "password",
    [
        "bốn con ngựa đứng yên",
        "correct 9 horse",
        "四匹馬站在山坡上不動一下",
        "            bốn con",
        "all lower case words",
        "x" + "ngựa đứng " * 12,
    ],
)
def test_any_characters_do(password):
    assert check_password(password, "can-bo-1", "lao-cai") == password


def test_length_is_counted_after_normalisation():
    twelve = "e\u0302\u0301" * 5 + "đứng yê"
    assert check_password(twelve, "can-bo-1", "lao-cai") == "ế" * 5 + "đứng yê"
    # 14 code points as typed, 6 letters as read.
    assert refused("e\u0302\u0301" * 4 + "ab") == "sign_in.password_length"


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "MatKhau123456",
        "aaaaaaaaaaaaaa",
        "abababababababab",
        "abcdefghijklmnop",
        "zyxwvutsrqponm",
        "can-bo-1can-bo-1",
        "CAN-BO-1 2026",
        "Lao Cai lao cai",
        "lao-cai-lao-cai-1",
    ],
)
def test_what_somebody_would_try_first_is_refused(password):
    assert refused(password) == "sign_in.password_guessed"


def test_a_name_among_enough_other_words_is_no_guess():
    check_password("can-bo-1 bốn con ngựa", "can-bo-1", "lao-cai")
