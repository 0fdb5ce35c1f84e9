"""Why a request is not answered with a decision."""


class NotReadyError(RuntimeError):
    """No payment may be decided now; the text says why."""


class LateError(RuntimeError):
    """Nobody waits for this decision any more: it is neither taken nor recorded."""
