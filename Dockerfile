# One image, the role chosen by command: serve (default), work, crawl, migrate, doctor …
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/fengsui && /opt/fengsui/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY service ./service
COPY nlp ./nlp
COPY crawlers ./crawlers
COPY playbooks ./playbooks
RUN /opt/fengsui/bin/pip install --no-cache-dir hatchling \
 && /opt/fengsui/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
 && /opt/fengsui/bin/pip uninstall -y hatchling

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/fengsui --create-home fengsui
COPY --from=build /opt/fengsui /opt/fengsui
ENV PATH=/opt/fengsui/bin:$PATH PYTHONUNBUFFERED=1 \
    FENGSUI_DATA_DIR=/var/lib/fengsui FENGSUI_HOST=0.0.0.0 FENGSUI_LOG_FORMAT=json
USER fengsui
VOLUME /var/lib/fengsui
EXPOSE 8600
HEALTHCHECK --interval=30s --timeout=5s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8600/healthz', timeout=4)"]
ENTRYPOINT ["fengsui"]
CMD ["serve"]
