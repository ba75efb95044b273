# syntax=docker/dockerfile:1
FROM node:26-bookworm-slim AS build
WORKDIR /app
# For the SQL grammars, which are published with Maven.
RUN apt-get update && apt-get install -y --no-install-recommends maven unzip && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json .npmrc ./
COPY scripts ./scripts
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM node:26-bookworm-slim
# Codecs keep memory for each thread that they ran on: two threads are enough, and what is free goes back after a millisecond (20 MB of lz4's 190).
ENV NODE_ENV=production UV_THREADPOOL_SIZE=2 MIMALLOC_PURGE_DELAY=1
WORKDIR /app
COPY --from=build --chown=root:root /app/node_modules ./node_modules
COPY --from=build --chown=root:root /app/dist ./dist
COPY package.json LICENSE ./
# The checkpoint is the only thing written: mount a volume here, the rest may be read-only.
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
# Nobody outside of the container reaches its 127.0.0.1, where Rowcast listens unless it is told otherwise: the configuration
# must say http: { host: 0.0.0.0 }, as config/container/rowcast.yaml does. Publish the port to those who may see the pages only.
EXPOSE 9464
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "dist/cli/healthcheck.js"]
# node is process 1 and has handlers of its own for SIGTERM and SIGINT: a drain starts at once.
# Rows leave next to no garbage, so that a small young generation is as fast, and saves fifteen megabytes; one thread looks
# through it in less time than it takes to wake others.
ENTRYPOINT ["node", "--max-semi-space-size=4", "--no-parallel-scavenge", "dist/cli/main.js"]
CMD ["run", "-c", "/etc/rowcast/rowcast.yaml"]
