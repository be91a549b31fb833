# SPDX-License-Identifier: MIT
#
#   docker build -t pap-heartbeat-collector .
#   docker run -d -p 8080:8080 -e CLUSTER_ID=my.cluster -e CLUSTER_NAME="My cluster" \
#     -e STATION_ALERT_URL=https://station.example/api/alerts -e STATION_ALERT_KEY=... \
#     pap-heartbeat-collector
#
# Stopping drains for DRAIN_MS and then offers what waits to the Station for up to
# SHUTDOWN_GRACE_MS: `docker stop -t 20` leaves room for both.

FROM debian:bookworm AS build
WORKDIR /src
# The packages first, in a layer of their own that a change of the source leaves alone.
COPY scripts/setup scripts/setup
RUN scripts/setup --build
COPY . .
RUN cmake --preset release -DPAP_TESTS=OFF \
 && cmake --build --preset release --target collectord \
 && cmake --install build/release --prefix /opt/pap --component runtime

FROM debian:bookworm-slim
# The certificates are for a Station behind https.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates libssl3 libspdlog1.10 libfmt9 \
      libyaml-cpp0.7 libprometheus-cpp-core1.0 \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 1001 collector \
 && useradd --uid 1001 --gid 1001 --no-create-home --shell /usr/sbin/nologin collector
COPY --from=build /opt/pap /usr/local
# A library that is missing here should fail the build, not the first start.
RUN if ldd /usr/local/bin/collectord | grep 'not found'; then exit 1; fi
USER 1001:1001
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s --retries=3 \
  CMD ["collectord", "--healthcheck"]
ENTRYPOINT ["collectord"]
