"""Which credentials open the API: a v3 key in the query or a v4 token as Bearer."""

import re
from collections.abc import Mapping

_V3_KEY = re.compile(r"[0-9a-fA-F]{32}")
_V4_TOKEN = re.compile(r"eyJ[\w-]*\.[\w-]+\.[\w-]+")


def is_authorized(authorization: str | None, query: Mapping[str, str], expected: str | None) -> bool:
    """Judge a request by its ``Authorization`` header, or without one by its ``api_key`` parameter.

    Parameters
    ----------
    authorization
        The header's value.
    query
        The request's query.
    expected
        The only credential to accept; any well-formed one when None.
    """
    if authorization is not None:
        scheme, _, credential = authorization.partition(" ")
        is_well_formed = scheme.lower() == "bearer" and _V4_TOKEN.fullmatch(credential) is not None
    else:
        credential = query.get("api_key", "")
        is_well_formed = _V3_KEY.fullmatch(credential) is not None
    return is_well_formed and (expected is None or credential == expected)
