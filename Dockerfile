# Build: everything that is needed to make dist/, then only what is needed to run it.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts ./scripts
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production
# Every flag of serve is a variable: FAUXLM_SINGLE_PORT=1 is --single-port (docs/how-to/containers.md).
ENV FAUXLM_PORT=27000 FAUXLM_HOST=0.0.0.0,::1
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY fixtures/licenses/ansys.lic /licenses/ansys.lic
RUN ln -s /app/dist/cli/fauxlm.js /usr/local/bin/fauxlm \
 && ln -s /app/dist/cli/lmgrd.js /usr/local/bin/lmgrd \
 && ln -s /app/dist/lmutil.cjs /usr/local/bin/lmutil
USER node
EXPOSE 27000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s CMD lmutil lmstat -c "$FAUXLM_PORT@localhost"
# Licenses are mounted at /licenses; the one that is there by itself is an invented example.
ENTRYPOINT ["fauxlm"]
CMD ["serve", "/licenses"]
