"""What TMDB answers when it refuses: a status, a code and a sentence."""

from typing import Any

_REFUSALS = {
    5: (422, "Invalid parameters: Your request parameters are incorrect."),
    7: (401, "Invalid API key: You must be granted a valid key."),
    11: (500, "Internal error: Something went wrong, contact TMDB."),
    20: (422, "Invalid date range: Should be a range no longer than 14 days."),
    22: (400, "Invalid page: Pages start at 1 and max at 500. They are expected to be an integer."),
    23: (400, "Invalid date: Format needs to be YYYY-MM-DD."),
    24: (504, "Your request to the backend server timed out. Try again."),
    25: (429, "Your request count is over the allowed limit."),
    27: (400, "Too many append to response objects: The maximum number of remote calls is 20."),
    34: (404, "The resource you requested could not be found."),
    46: (503, "The API is undergoing maintenance. Try again later."),
}


class ApiError(Exception):
    """A request that TMDB answers with an error of its own.

    Parameters
    ----------
    code
        TMDB's ``status_code``, which implies the HTTP status and the message.
    """

    def __init__(self, code: int) -> None:
        self.code = code
        self.status, self.message = _REFUSALS[code]
        super().__init__(self.message)

    @property
    def body(self) -> dict[str, Any]:
        """The JSON object that TMDB sends."""
        return {"success": False, "status_code": self.code, "status_message": self.message}
