# One image for every role: `slack run` (a worker) by default, any other `aeo` command by argument.
# Runs as a user without rights on a read-only root file system; only /data (AEO_HOME) and /tmp are written.
FROM python:3.11-slim AS built
WORKDIR /app
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 AEO_TORCH_INDEX=https://download.pytorch.org/whl/cpu
COPY pyproject.toml constraints.txt lock.txt .environment README.md ./
COPY assistant assistant
COPY connectors connectors
COPY evals evals
COPY ingest ingest
COPY prompts prompts
RUN sh -euc '. ./.environment && environment run' && .venv/bin/python -m compileall -q assistant connectors evals ingest prompts

FROM python:3.11-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin aeo && mkdir /data && chown aeo:aeo /data
COPY --from=built /app /app
WORKDIR /data
ENV PATH=/app/.venv/bin:$PATH AEO_HOME=/data HOME=/tmp PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 OPENBLAS_NUM_THREADS=1
USER 10001:10001
VOLUME /data
EXPOSE 8080 9090
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["aeo"]
CMD ["slack", "run", "--host", "0.0.0.0", "--port", "8080"]
