"""How long the account's own machinery takes, as the options have it."""

from dataclasses import dataclass
from datetime import timedelta

from sandbox.account.options import Options

AT_ONCE = timedelta()


@dataclass(frozen=True)
class Pace:
    """Without `close_after` nothing closes by itself; without `jobs_kept` no number of jobs is too many to remember."""

    close_after: timedelta = AT_ONCE
    delete_lag: timedelta = AT_ONCE
    scrub_after: timedelta = AT_ONCE
    job_takes: timedelta = AT_ONCE
    job_kept: timedelta = AT_ONCE
    jobs_kept: int = 0


def pace_of(options: Options) -> Pace:
    return Pace(
        close_after=timedelta(days=options.close_after_days),
        delete_lag=timedelta(seconds=options.delete_lag_seconds),
        scrub_after=timedelta(seconds=options.scrub_seconds),
        job_takes=timedelta(seconds=options.job_seconds),
        job_kept=timedelta(seconds=options.job_kept_seconds),
        jobs_kept=options.jobs_kept,
    )
