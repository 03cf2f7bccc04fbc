"""A way into the orchestrator, as the acceptance plan needs it."""


class Driver:
    """What a driver does; each is a small class of its own.

    `case` is the test, with its folder, `case.data` and `case.environment`;
    `platform` is the emulator. Whatever it starts, it stops in `stop`. State is
    kept in `case.data`, whoever works on it.
    """

    # As few runs at a time as make the others wait.
    options = ("--max-concurrent-runs", "6")

    def __init__(self, case, platform):
        self.case = case
        self.platform = platform

    def start(self):
        """Starts the orchestrator, again after `kill`; returns once it takes
        commands."""
        raise NotImplementedError

    def kill(self):
        """Ends it with SIGKILL."""
        raise NotImplementedError

    def submit(self, runs, split):
        """Hands over all runs, and the list that becomes runs; both are durable
        when it returns."""
        raise NotImplementedError

    def abort(self, name):
        """Aborts one run."""
        raise NotImplementedError

    def wait(self, names, seconds):
        """Returns once all these runs are final."""
        raise NotImplementedError

    def report(self):
        """Returns the report: what `GET /api/v1/report` answers."""
        raise NotImplementedError

    def stop(self):
        """Ends all that it started; may be called more than once."""
        raise NotImplementedError
