from __future__ import annotations

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError
from urllib3.exceptions import ProtocolError

from schemas.errors import RetryLater, Stop
from sinks.faults import in_short, sorted_faults


@pytest.mark.parametrize(
    "code",
    [
        None,
        159,
        164,
        201,
        202,
        203,
        209,
        210,
        236,
        241,
        242,
        243,
        252,
        319,
        394,
        439,
        452,
        473,
        745,
        999,
        4711,
    ],
)
def test_what_may_pass_is_tried_again(code: int | None):
    with pytest.raises(RetryLater, match="writing: away"), sorted_faults("writing"):
        raise OperationalError("away", code=code)


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (16, "hubbub migrate"),
        (60, "hubbub migrate"),
        (81, "hubbub migrate"),
        (516, "user, password"),
        (62, "hubbub"),
    ],
)
def test_what_will_not_pass_stops_and_says_what_to_do(code: int, advice: str):
    with pytest.raises(Stop, match=f"writing: wrong - .*{advice}"), sorted_faults("writing"):
        raise DatabaseError("wrong", code=code)


def test_a_crowded_server_is_given_time():
    with pytest.raises(RetryLater) as later, sorted_faults("writing"):
        raise DatabaseError("TOO_MANY_PARTS", code=252)
    assert later.value.retry_after == 10.0


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (DatabaseError("no", code=252, name="TOO_MANY_PARTS"), "TOO_MANY_PARTS"),
        (DatabaseError("no", code=4711), "CODE_4711"),
        (DatabaseError("HTTP status 503"), "NOT_CLICKHOUSE"),
        (ProtocolError("cut"), "NETWORK"),
        (ConnectionResetError("cut"), "NETWORK"),
    ],
)
def test_causes_have_short_names_to_count_by(error: Exception, cause: str):
    with pytest.raises(RetryLater) as later, sorted_faults("writing"):
        raise error
    assert later.value.cause == cause


def test_other_errors_go_their_way():
    with pytest.raises(ZeroDivisionError), sorted_faults("writing"):
        _ = 1 / 0


def test_one_short_line():
    told = in_short(
        DatabaseError(f"Code: 60. No such table {'x' * 400}. (version 26.9.2.1)\nstack\nof calls")
    )
    assert told.startswith("Code: 60. No such table xxx")
    assert len(told) < 310
    assert "\n" not in told
    assert in_short(DatabaseError("No such table. (UNKNOWN_TABLE) (version 26.9.2.1)\n")) == (
        "No such table. (UNKNOWN_TABLE)"
    )
