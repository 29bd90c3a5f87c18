# One image for web, worker, beat, migrate and backup; docker-compose.yml says which command each runs.
FROM python:3.11-slim-bookworm AS libraries
COPY requirements/runtime.txt /requirements.txt
RUN python -m venv /opt/entwine \
    && /opt/entwine/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /requirements.txt

FROM python:3.11-slim-bookworm
# Pango and one fallback font for the PDF writer; without any font it ends the process.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
       libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --home-dir /data --shell /usr/sbin/nologin entwine \
    && install -d -o entwine -g entwine -m 0700 /data /backups /anchor
COPY --from=libraries /opt/entwine /opt/entwine
WORKDIR /app
COPY . .
ENV PATH=/opt/entwine/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    LC_ALL=C.UTF-8 \
    DJANGO_SETTINGS_MODULE=clinic.settings \
    ENTWINE_DATA=/data \
    ENTWINE_STATIC=/app/collected \
    ENTWINE_BACKUPS=/backups \
    ENTWINE_SEAL_ANCHOR=/anchor/ledger.anchor
# Settings ask for these; collecting static files uses none of them, and the image keeps none.
RUN python -m clinic.kit.catalogs \
    && ENTWINE_SECRET_KEY=build ENTWINE_SEAL_KEY=build ENTWINE_FIELD_KEY=build \
    DATABASE_URL=postgres://nobody@localhost/none \
    python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q clinic
USER entwine
EXPOSE 8000
ENTRYPOINT ["/app/deploy/entrypoint"]
CMD ["/app/deploy/web"]
