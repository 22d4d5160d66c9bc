"""Around every call: who calls, may they, one log event, one error translation.

The servicers behind it see an authenticated caller and raise plain errors.
"""

from __future__ import annotations

import time
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
)
from contextlib import aclosing
from contextvars import ContextVar
from typing import Any, TypeAlias

import grpc
import structlog
from grpc_status import rpc_status

from services.node.domain.errors import (
    NotPermittedError,
    RelaisError,
    UnavailableError,
)
from services.node.flows.own import OwnMember
from services.node.keys.tls import fingerprint
from services.node.rpc.allowance import Allowances
from services.node.rpc.callers import CALLERS, CallerRow, Listener
from services.node.rpc.errors import to_status
from services.node.rpc.local_calls import (
    LocalCalls,
    acting_officer,
    at_host,
    calling,
    calling_client,
    calling_session,
)
from services.node.rpc.turnstile import Turnstile, only_request, timely

__all__ = [
    "CallGate",
    "acting_officer",
    "at_host",
    "calling",
    "calling_client",
    "calling_member",
    "calling_session",
    "check_still_listed",
]

Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"

_PEER: ContextVar[str] = ContextVar("relais_peer")
_STILL: ContextVar[Callable[[], object]] = ContextVar("relais_peer_still")


def calling_member() -> str:
    """The member that calls, by its TLS certificate."""
    return _PEER.get()


def check_still_listed() -> None:
    """Ask the directory again whose call this is, on a stream that stays open.

    Raises NotPermittedError ``peer.unknown`` if the certificate of the connection is
    not listed any more.
    """
    _STILL.get()()


class CallGate(grpc.aio.ServerInterceptor):
    """The interceptor of one listener."""

    def __init__(
        self,
        own: OwnMember,
        listener: Listener,
        local: LocalCalls | None = None,
        allowances: Allowances | None = None,
    ) -> None:
        """``local`` admits the calls of a local listener, ``allowances`` peers'."""
        self._own = own
        self._listener = listener
        self._local = local
        self._turnstile = Turnstile()
        self._allowances = allowances
        self._log = structlog.get_logger()

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler | None]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler | None:
        """Wrap the handler of the method, if there is one."""
        handler = await continuation(handler_call_details)
        if handler is None:
            return None
        method = str(handler_call_details.method)
        return self._wrapped(method, handler)

    def _wrapped(self, method: str, handler: Any) -> Handler:
        serializers = {
            "request_deserializer": handler.request_deserializer,
            "response_serializer": handler.response_serializer,
        }
        if self._listener is Listener.PEERS:
            return self._of_peers(method, handler, serializers)
        if handler.unary_unary is not None:

            async def unary(request: Any, context: Any) -> Any:
                async def call() -> Any:
                    row = self._row(method)
                    return await self._desk.around(
                        method,
                        row,
                        request,
                        context,
                        lambda: _awaited(handler.unary_unary(request, context)),
                    )

                return await self._around(method, context, call)

            return grpc.unary_unary_rpc_method_handler(unary, **serializers)
        if handler.unary_stream is not None:
            return grpc.unary_stream_rpc_method_handler(
                self._streaming(method, handler.unary_stream), **serializers
            )
        return grpc.stream_stream_rpc_method_handler(
            self._streaming(method, handler.stream_stream), **serializers
        )

    def _of_peers(self, method: str, handler: Any, serializers: Any) -> Handler:
        """The same for a peer's call: one of few, and never silent for long.

        A unary call is served as a stream of one request. The bytes are the same,
        and it is here from its first byte on: one that never says what it wants
        would otherwise hold its place unseen.
        """

        async def one(requests: Any, context: Any) -> Any:
            async def call() -> Any:
                self._admit_peer(method, context)
                with self._turnstile.passed(calling_member()):
                    request = await only_request(self._afforded(requests))
                    return await _awaited(handler.unary_unary(request, context))

            return await self._around(method, context, call)

        async def many(requests: Any, context: Any) -> None:
            async def call() -> None:
                self._admit_peer(method, context)
                taken = timely(requests)
                if not self._row(method).asked:
                    taken = self._afforded(taken)
                with self._turnstile.passed(calling_member()):
                    answers = handler.stream_stream(taken, context)
                    async with aclosing(answers):
                        async for answer in answers:
                            await context.write(answer)

            await self._around(method, context, call)

        if handler.unary_unary is not None:
            return grpc.stream_unary_rpc_method_handler(one, **serializers)
        return grpc.stream_stream_rpc_method_handler(many, **serializers)

    async def _afforded(self, requests: AsyncIterable[Any]) -> AsyncIterator[Any]:
        """The requests of a peer, as far as it may hand in so much."""
        async for request in requests:
            if self._allowances is not None:
                self._allowances.take(calling_member(), request)
            yield request

    def _streaming(self, method: str, behavior: Any) -> Any:
        async def stream(request: Any, context: Any) -> None:
            async def call() -> None:
                # Answered from its first message on: kept before that.
                await self._desk.around(
                    method, self._row(method), request, context, _nothing
                )
                answers = behavior(request, context)
                if isinstance(answers, AsyncGenerator):
                    # Closed at once when the caller leaves early, and with it
                    # whatever it holds open.
                    async with aclosing(answers):
                        async for answer in answers:
                            await context.write(answer)
                else:
                    await answers

            await self._around(method, context, call)

        return stream

    def _row(self, method: str) -> CallerRow:
        row = CALLERS.get(method)
        if row is None or row.listener is not self._listener:
            raise NotPermittedError(
                "call.not_served", "This listener does not serve this method."
            )
        return row

    def _admit_peer(self, method: str, context: Any) -> None:
        self._row(method)
        _PEER.set(self.peer_of(context))
        _STILL.set(lambda: self.peer_of(context))

    @property
    def _desk(self) -> LocalCalls:
        if self._local is None:
            raise NotPermittedError(
                "call.not_served", "This listener does not serve this method."
            )
        return self._local

    def peer_of(self, context: Any) -> str:
        """The member that lists the caller's certificate now."""
        pem = context.auth_context().get("x509_pem_cert", [b""])[0]
        member = (
            self._own.adopted.directory.member_of_certificate(fingerprint(pem))
            if pem
            else None
        )
        if member is None:
            raise NotPermittedError(
                "peer.unknown",
                "No member lists the certificate of this connection.",
                remedy="Publish the certificate in the directory first.",
            )
        return member.name

    async def _around(
        self, method: str, context: Any, call: Callable[[], Awaitable[Any]]
    ) -> Any:
        began = time.perf_counter()
        code = "ok"
        try:
            return await call()
        except RelaisError as error:
            code = error.code
            await _abort(context, error)
        except grpc.aio.AbortError:
            code = "aborted"
            raise
        except Exception as error:  # noqa: BLE001 - the one translation of faults here
            code = "node.fault"
            self._log.exception("call.fault", method=method)
            await _abort(context, error)
        finally:
            self._log.info(
                "call.answered",
                method=method,
                listener=self._listener.value,
                peer=_PEER.get("") if self._listener is Listener.PEERS else "",
                code=code,
                milliseconds=round((time.perf_counter() - began) * 1000, 1),
            )
        raise UnavailableError("node.fault", "Unreachable.")  # pragma: no cover


async def _awaited(result: Any) -> Any:
    return await result if isinstance(result, Awaitable) else result


async def _nothing() -> None:
    """What is admitted and answered later."""


async def _abort(context: Any, error: BaseException) -> None:
    status = rpc_status.to_status(to_status(error))
    context.set_trailing_metadata(status.trailing_metadata)
    await context.abort(status.code, status.details)
