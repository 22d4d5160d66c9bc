"""What an officer who is signed in proves again with: a password or a passkey."""

from __future__ import annotations

from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.responses import Response

from gateway.web.pages import see_other
from gateway.web.visitors import Visitor
from services.node.rpc.sign_in_values import ProofGiven


def proof_in(form: FormData, visitor: Visitor) -> ProofGiven:
    """What the form gives; the node decides whether it holds."""
    credential = str(form.get("credential", ""))
    if credential:
        origin = visitor.site.config.origin
        return ProofGiven(credential_json=credential, origin=origin)
    return ProofGiven(password=str(form.get("password", "")))


def prove_first(after: str) -> Response:
    """Prove who it is, and come back to the path ``after``, its query included."""
    return see_other(f"/account/prove?next={quote(after, safe='')}")
