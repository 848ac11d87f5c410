"""Calls run on a Dask cluster. `distributed` comes with the extra `dask`."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

from pytest_orchestrator.errors import UsageError, require_package

P = ParamSpec("P")
T = TypeVar("T")


class DaskExecutor(Executor):
    """An executor whose calls run on the workers of an existing cluster.

    The workers need the same packages as this process. If a worker dies, Dask runs its call again on another worker, as
    often as the cluster's setting `distributed.scheduler.allowed-failures` says; then the call raises
    `distributed.KilledWorker`.

    Raises:
        UsageError: `distributed` is not installed, or no scheduler answers at `address`.
    """

    def __init__(self, address: str, *, connect_timeout_s: float = 10.0) -> None:
        require_package("distributed", extra="dask")
        import distributed

        make_client: Any = distributed.Client
        try:
            self._client = make_client(address, timeout=connect_timeout_s, set_as_default=False)
        except (OSError, ValueError) as error:  # TimeoutError is an OSError
            raise UsageError(
                f"no Dask scheduler answers at {address}: {error}",
                fix="start one with `dask scheduler`, and pass the address that it prints",
            ) from error
        self._executor: Executor = self._client.get_executor(pure=False)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The future of `fn(*args, **kwargs)` on one of the cluster's workers."""
        return self._executor.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster, which continues to run. Waits for the submitted calls, unless they are cancelled.

        A call that a worker is running continues there to its end, because Dask can't stop it.
        """
        self._executor.shutdown(wait=wait and not cancel_futures)
        self._client.close()
