"""What is deployed is what the code expects."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from sandbox.stage import procfile
from support_bridge.services import JOBS, Services
from support_bridge.tables import metadata
from workers import jobs


def test_the_procfile_has_a_worker_for_every_queue_and_no_other() -> None:
    watched = [command.split()[-1] for command in procfile().values() if command.startswith("python -m workers ")]
    assert sorted(watched) == sorted([*JOBS, "clock"])


def test_the_procfile_has_a_web_process_a_worker_a_deleter_and_a_clock() -> None:
    assert list(procfile()) == ["web", "worker", "deleter", "clock"]


def test_every_job_that_is_enqueued_is_there() -> None:
    for name in JOBS.values():
        module, _, job = name.rpartition(".")
        assert module == jobs.__name__
        assert callable(getattr(jobs, job))


def test_the_migrations_make_the_tables_that_the_code_expects(services: Services) -> None:
    with services.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []
