"""Speaking HTTP with a vendor: the only door to httpx.

call        one request and its answer          client    sends them, repeats what may be repeated
auth        the token and where it may go       gate      lets no write pass while reading or rehearsing
failures    what went wrong, said and judged    pace      how fast a target may be asked
jsontext    JSON that keeps each number as is   body      an answer's body, up to a bound
lanes       connections side by side            incoming  where an answer begins and ends
connection  one of them, over http.client
"""

from .call import Answer, Call, path_of
from .client import Client
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
    "embedded",
    "path_of",
    "unreadable",
]
