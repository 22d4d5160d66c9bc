"""Secrets of endpoints and signatures, against a vector that others publish."""

from __future__ import annotations

from base64 import b64decode

from services.node.keys.webhook_secrets import as_told, new_secret, signatures

# In the documentation of Svix; the library standardwebhooks 1.1.0 makes the same.
SECRET = b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
ID, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def signed(*keys):
    return signatures(keys, ID, AT, BODY)


def test_the_signature_is_the_one_that_others_make():
    assert signed(SECRET) == SIGNATURE


def test_every_secret_that_holds_signs_once_with_a_space_between():
    old, new = SECRET, new_secret()
    assert signed(new, old).split(" ") == [signed(new), signed(old)]


def test_a_secret_is_told_as_libraries_take_it():
    secret = new_secret()
    prefix, told = as_told(secret).split("_")
    assert (prefix, b64decode(told)) == ("whsec", secret)
    assert len(secret) == 32
    assert new_secret() != secret
