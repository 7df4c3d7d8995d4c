# One image for every app of Paceline; the command says which: `docker run paceline:0.1.0 apps/pacer/dist/main.js`.
# The Node version is the one that package.json pins for development.
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-slim AS build
WORKDIR /app
COPY . .
# Optional packages are the Node binaries and the embedded ClickHouse engine (543 MB): for checkouts, not for images.
# Install scripts never run; the patches are applied by hand, and the Kafka adapter refuses an unpatched client.
# What patches and what builds are development packages: they are here until both are done, and never in the image.
# Of the tools' scripts source-command.mjs stays: by it the command line knows the root of the workspace.
RUN --mount=type=cache,target=/root/.npm \
    npm ci --ignore-scripts --include=dev --omit=optional \
    && node node_modules/patch-package/index.js \
    && npm run build \
    && npm prune --ignore-scripts --omit=dev --omit=optional \
    && rm -rf node_modules/.cache \
    && find apps libs tools -type d -name src -prune -exec rm -rf {} + \
    && find tools -mindepth 1 -maxdepth 1 ! -name local ! -name source-command.mjs -exec rm -rf {} +

FROM node:${NODE_VERSION}-slim AS runtime
# Two pools of memory instead of one per thread (docs/explanation/tuning.md).
ENV NODE_ENV=production MALLOC_ARENA_MAX=2
# No package manager at run time: what is not there cannot be used against us.
# Named volumes take over the owner of the two folders.
RUN rm -rf /usr/local/lib/node_modules /opt/yarn* /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg \
    && install -d -o node -g node -m 0750 /var/lib/paceline /drop
WORKDIR /app
# The packages of the workspace are links from node_modules into apps, libs and tools: all four belong together.
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/libs ./libs
COPY --from=build /app/tools ./tools
COPY --from=build /app/apps ./apps
COPY deploy/make-bucket.mjs ./deploy/
USER 1000:1000
ENTRYPOINT ["node", "--enable-source-maps"]
CMD ["apps/cli/dist/main.js", "--help"]
