"""Speaking HTTP with a vendor: the only door to httpx.

call        one request and its answer          client    sends them
auth        the token and where it may go       again     repeats what may be repeated
failures    what went wrong, said and judged    gate      lets no write pass while reading or rehearsing
jsontext    JSON that keeps each number as is   pace      how fast a target may be asked
lanes       connections side by side            single    one of them, without a pool
incoming    an answer, piece by piece           outgoing  a request as it goes out
line        bytes over TCP or TLS, in time      body      what is in an answer, up to a bound
library     httpx, without its command line     age      how long a write had to wait since the look it rests on
surroundings  a proxy and certificates, as the environment names them     through  a connection through a proxy
words       what a vendor says, for a person    webhook   a message, posted once to an address that is a secret
"""

from . import library  # noqa: F401 - before all that import httpx
from .call import Answer, Call, Repeat, path_of
from .client import Client, Transport
from .failures import HttpError, Incident, Mishap, unreadable
from .jsontext import Number, embedded
from .pace import Pace

__all__ = [
    "Answer",
    "Call",
    "Client",
    "HttpError",
    "Incident",
    "Mishap",
    "Number",
    "Pace",
    "Repeat",
    "Transport",
    "embedded",
    "path_of",
    "unreadable",
]
