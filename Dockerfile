# The image of a worker and of every `interdict` command. Nothing in it is written to at run time.
#   docker build -t interdict .
#   docker run --read-only --cap-drop ALL interdict --help

FROM python:3.14.8-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/interdict
WORKDIR /source
# Dependencies first: this layer is built anew only when they change.
COPY locks/product.txt locks/registry.txt locks/
# `--build-arg LOCK=registry`: with what reads Avro and Protobuf.
ARG LOCK=product
RUN /opt/interdict/bin/pip install --only-binary :all: --require-hashes --requirement locks/$LOCK.txt
# The domain is compiled to C, as `make native` does it: about twice as fast, from the same sources.
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
COPY pyproject.toml README.md LICENSE ./
COPY screening screening
COPY config config
COPY streams streams
RUN CFLAGS="-fvisibility=hidden -fno-plt" HATCH_BUILD_HOOK_ENABLE_MYPYC=1 /opt/interdict/bin/pip install --no-deps . \
 && /opt/interdict/bin/python -m compileall -q /opt/interdict/lib \
 && /opt/interdict/bin/pip uninstall -y -q pip setuptools

FROM python:3.14.8-slim-trixie
LABEL org.opencontainers.image.title="interdict" \
      org.opencontainers.image.description="Streaming sanctions screening on Faust and Kafka" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin interdict
COPY --from=build /opt/interdict /opt/interdict
ENV PATH=/opt/interdict/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 INTERDICT_WEB_HOST=0.0.0.0
USER 10001:10001
WORKDIR /tmp
EXPOSE 6066
STOPSIGNAL SIGTERM
# Only a worker serves pages; for one-shot commands the check never gets its turn.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:6066/ready', timeout=2)"]
ENTRYPOINT ["interdict"]
CMD ["worker"]
