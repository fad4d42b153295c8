"""What this machine's environment says of the way out: a proxy, and whom to trust.

The address of a proxy may hold a password: a variable is named, and what it holds is in no error.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable
from urllib.request import getproxies, proxy_bypass

import httpx

from reconciler.core.ports import ProviderError

from .through import Through, Variables

HIGHEST_PORT = 65_535


def authorities() -> ssl.SSLContext:
    """How TLS is spoken: with whom SSL_CERT_FILE or SSL_CERT_DIR vouch for, else those that come with httpx.

    Raises:
        ProviderError: a variable names nothing of the kind.
    """
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        name = _blamed(error)
        if name is None:
            raise
        why = "no certificate in it can be read" if isinstance(error, ssl.SSLError) else error.strerror
        hint = f"Correct {name}, or unset it."
        raise ProviderError(f"what {name} names cannot be used: {why}", hint=hint, whole=True) from None


def _blamed(error: OSError) -> str | None:
    """The variable whose file an error is about."""
    log = os.environ.get("SSLKEYLOGFILE")
    if log and error.filename == log:
        return "SSLKEYLOGFILE"
    return next((name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(name)), None)


def proxied(url: httpx.URL, tls: ssl.SSLContext | None, whole: float) -> Callable[[], Through] | None:
    """How to make a connection to `url` through the proxy that is named for it; None: it is reached directly.

    Args:
        url: whom to speak with.
        tls: how TLS is spoken with it.
        whole: how many seconds a request and its answer may take.

    Raises:
        ProviderError: the proxy is none that can be spoken with.
    """
    proxies = {} if proxy_bypass(url.host) else getproxies()
    scheme = next((scheme for scheme in (url.scheme, "all") if proxies.get(scheme)), None)
    if scheme is None:
        return None
    value = proxies[scheme]
    named = _variable(scheme, value) or f"the system's setting of a proxy for {scheme}"
    variables = Variables(named, _variable("no") or "NO_PROXY")
    try:
        # As curl has it: without a scheme it is an HTTP proxy.
        proxy = httpx.Proxy(value if "://" in value else f"http://{value}")
        _check(proxy.url)
        Through(proxy, variables, tls, whole).close()
    except ImportError:
        hint = "Name an HTTP proxy, or install socksio beside the reconciler."
        raise ProviderError(f"{named} asks for a SOCKS proxy, which needs socksio", hint=hint, whole=True) from None
    except (httpx.InvalidURL, ValueError):
        hint = "Write http://HOST:PORT, with http://USER:PASSWORD@HOST:PORT where it asks for them."
        raise ProviderError(f"{named} is no address of a proxy", hint=hint, whole=True) from None
    return lambda: Through(proxy, variables, tls, whole)


def _check(proxy: httpx.URL) -> None:
    """Refuse what only connecting would find out.

    Raises:
        ValueError: there can be no such host or port.
    """
    if not proxy.raw_host.decode("ascii").encode("idna") or (proxy.port or 0) > HIGHEST_PORT:
        raise ValueError(proxy)


def _variable(scheme: str, value: str | None = None) -> str | None:
    """The variable that names the proxy for `scheme`, or the hosts without one; some systems have settings beside.

    Python takes the one in small letters where there are two, even when it is empty.
    """
    wanted = f"{scheme}_proxy"
    found = [name for name, held in os.environ.items() if name.lower() == wanted and value in {None, held}]
    return min(found, key=lambda name: not name.endswith("_proxy"), default=None)
