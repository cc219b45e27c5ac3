# hubbub without the embedded stack: the command, its packages from the lock, and nobody who is root.
# The larger image builds: where a package has no wheel (one of them on arm64), there is a compiler.
FROM rust:1.95.0-bookworm AS rust

FROM python:3.13.9-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/hubbub
COPY requirements-image.lock /src/
RUN /opt/hubbub/bin/python -m pip install --require-hashes -r /src/requirements-image.lock
COPY pyproject.toml README.md LICENSE /src/
COPY schemas /src/schemas
COPY sinks /src/sinks
COPY streams /src/streams
COPY dashboards /src/dashboards
RUN /opt/hubbub/bin/python -m pip install --no-deps --no-build-isolation /src
# The same fold, compiled.
COPY --from=rust /usr/local/rustup /usr/local/rustup
COPY --from=rust /usr/local/cargo /usr/local/cargo
ENV RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo PATH=/usr/local/cargo/bin:$PATH
COPY compiled /src/compiled
RUN /opt/hubbub/bin/python /src/compiled/install.py

FROM python:3.13.9-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin hubbub
COPY --from=build /opt/hubbub /opt/hubbub
ENV PATH=/opt/hubbub/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HUBBUB_HEALTH=127.0.0.1:8088
USER 10001:10001
WORKDIR /tmp
# Whether the process lives. An outage of Kafka or ClickHouse is waited out, so it is no reason to start it again.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8088/live', timeout=3)"]
ENTRYPOINT ["hubbub"]
CMD ["worker"]
