"""What was refused is said once a second at most, and tells how many it was."""

from webhooks.refusals import Refusals


def test_the_first_is_said_at_once_and_those_of_the_same_second_later_by_their_number() -> None:
    now = [100.0]
    refusals = Refusals(lambda: now[0])
    assert [refusals.to_be_said("signature") for _ in range(4)] == [1, 0, 0, 0]
    now[0] += 0.9
    assert refusals.to_be_said("signature") == 0
    now[0] += 0.2
    assert [refusals.to_be_said("signature") for _ in range(2)] == [5, 0]


def test_each_reason_is_said_by_itself() -> None:
    refusals = Refusals(lambda: 1.0)
    assert [refusals.to_be_said(reason) for reason in ("signature", "unsigned", "signature")] == [1, 1, 0]
