"""What can go wrong, by situation. Each message is a sentence that names the way out."""


class MovieAppError(Exception):
    """Base of everything that movieapp raises on purpose; its text is meant to be shown."""


class Invalid(MovieAppError):
    """What was given cannot be used as it is: a bad file, option or value."""


class NotFound(MovieAppError):
    """What was asked for is not here: an unknown movie, user, release or version.

    `request_id` is that of the logged request, where there is one.
    """

    def __init__(self, message: str, *, request_id: str | None = None) -> None:
        super().__init__(message)
        self.request_id = request_id


class Conflict(MovieAppError):
    """The state of things forbids it: the database or the port is taken, another release is in place."""


class NotReady(MovieAppError):
    """It will work later: no ratings or no model yet."""
