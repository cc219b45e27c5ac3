"""What `/metrics` tells, in one place: name, type, unit and meaning."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from streams.health import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prometheus_client import Metric

    from streams.health import Vitals


class Instruments(Collector):
    """One worker at one moment. Counters start at 0 with the worker.

    Args:
        vitals: That moment.
    """

    def __init__(self, vitals: Vitals) -> None:
        self._vitals = vitals

    def collect(self) -> Iterator[Metric]:
        """All instruments."""
        health, status, lag, oldest = self._vitals
        yield _info("hubbub_worker", "The worker's version.", version("hubbub"))
        yield _states("hubbub_state", "1 for the state that the worker is in.", status.state)
        yield _counter("hubbub_events_read", "Events read from Kafka, repeated deliveries too.", health.read)
        yield _counter("hubbub_batches_read", "Batches that these came in.", health.batches)
        yield _counter("hubbub_events_stored", "Events whose rows are stored.", health.stored)
        yield _counters("hubbub_events_refused", "Events refused, by reason.", "reason", health.refused)
        yield _counters("hubbub_rows_written", "Rows written, by table.", "table", health.rows)
        yield HistogramMetricFamily(
            "hubbub_flush_seconds",
            "Seconds from the begin of a flush until it was stored.",
            buckets=[
                ("+Inf" if bound == float("inf") else str(bound), count)
                for bound, count in health.flushes.at_most()
            ],
            sum_value=health.flushes.total,
        )
        yield _counters("hubbub_retries", "Tries that ClickHouse failed, by cause.", "cause", health.retries)
        yield _counter("hubbub_waiting_seconds", "Seconds spent waiting for ClickHouse.", health.waited)
        yield _counter("hubbub_rebalances", "Assignments of partitions received.", health.rebalances)
        yield _counter(
            "hubbub_vitals_failures",
            "Looks of the worker at itself that it could not keep.",
            health.unrecorded,
        )
        cached = health.cached
        yield _counter("hubbub_cache_hits", "Threads needed that were in memory.", cached.hits)
        yield _counter("hubbub_cache_misses", "Threads needed that were not in memory.", cached.misses)
        yield _gauge("hubbub_cache_threads", "Threads in memory.", cached.threads)
        yield _gauge("hubbub_cache_activities", "Activities in memory.", cached.activities)
        yield _gauge("hubbub_partitions_assigned", "Partitions that this worker has.", len(lag))
        behind = GaugeMetricFamily(
            "hubbub_lag_events", "Messages of a partition that are not stored.", labels=["partition"]
        )
        for partition, messages in lag.items():
            behind.add_metric([str(partition)], messages)
        yield behind
        yield _gauge(
            "hubbub_oldest_unstored_seconds",
            "Age of the oldest event that was read and is not stored, since it came into Kafka; 0: none.",
            0.0 if oldest is None else max(0.0, health.clock() - oldest),
        )
        yield _gauge(
            "hubbub_last_stored_timestamp_seconds",
            "When a flush was last stored, Unix time; 0: never.",
            health.last_stored or 0.0,
        )
        yield _gauge(
            "hubbub_newest_message_timestamp_seconds",
            "Event time of the newest message that is stored, Unix time; 0: none.",
            health.newest.published.timestamp() if health.newest else 0.0,
        )


def _counter(name: str, meaning: str, value: float) -> Metric:
    return CounterMetricFamily(name, meaning, value=value)


def _counters(name: str, meaning: str, label: str, values: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(name, meaning, labels=[label])
    for key, value in dict(values).items():  # a copy: the flush counts in another thread
        family.add_metric([key], value)
    return family


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)


def _info(name: str, meaning: str, release: str) -> Metric:
    family = GaugeMetricFamily(f"{name}_info", meaning, labels=["version"])
    family.add_metric([release], 1)
    return family


def _states(name: str, meaning: str, current: State) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=["state"])
    for state in State:
        family.add_metric([state], float(state is current))
    return family
