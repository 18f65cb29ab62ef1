"""One thread for BLAS while a model is fitted."""

from contextlib import AbstractContextManager
from functools import cache

from threadpoolctl import ThreadpoolController


def one_blas_thread() -> AbstractContextManager[object]:
    """Keep BLAS to one thread inside: more gain nothing on products this small, and take the processor from
    whoever is being served.
    """
    return _libraries().limit(limits=1, user_api="blas")


@cache
def _libraries() -> ThreadpoolController:
    """Find the libraries once, which takes 20 ms; all that the models use are loaded when one is fitted."""
    return ThreadpoolController()
