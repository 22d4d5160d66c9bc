"""What is kept of a form that could not be taken, and what never is."""

from gateway.web.interrupted import (
    Interrupted,
    _worth_keeping,
    from_bytes,
    to_bytes,
)

TYPED = (("token", "t"), ("event", "e"), ("need", "Chỗ ở"), ("need", "áo ấm"))


def test_what_was_typed_is_kept_in_order_and_without_the_token():
    kept = _worth_keeping(TYPED)
    assert kept == (("event", "e"), ("need", "Chỗ ở"), ("need", "áo ấm"))
    form = Interrupted("/cases/R-1/person/D2", kept)
    assert from_bytes(to_bytes(form)) == form


def test_no_proof_of_who_somebody_is_is_ever_kept():
    proofs = [(each, "x") for each in ("password", "code", "totp", "credential")]
    assert _worth_keeping(proofs) == ()
    assert _worth_keeping([*proofs, ("why", "y")]) == (("why", "y"),)


def test_a_button_alone_is_nothing_that_was_typed():
    assert _worth_keeping([("token", "t"), ("event", "e"), ("next", "/")]) == ()
