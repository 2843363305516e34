# Images of Signet: `docker build --target token --tag signet-token:0.1.0 .`
# Targets: authn, token, session, directory, audit, each one service; signet, the command line; one-process, the five as one (the default).
# /sbom.cdx.json names the packages of npm in them (CycloneDX), the same in each: all hold the one script, which has every service.
# They hold Node, one script and what cannot be in it (tools/image-files.mjs), run as user 1000, write nothing and need no shell.
ARG NODE=20.20.2

FROM node:${NODE}-bookworm-slim AS build
WORKDIR /source
COPY . .
RUN npm ci --ignore-scripts --no-audit --no-fund && npm run build && node tools/image-files.mjs /image && node tools/sbom.mjs /sbom.cdx.json

FROM node:${NODE}-bookworm-slim AS signet
COPY --from=build /image /signet
COPY --from=build /sbom.cdx.json /sbom.cdx.json
WORKDIR /signet
ENV NODE_ENV=production
USER 1000:1000
ENTRYPOINT ["node", "/signet/apps/signet/bin/signet.cjs"]

FROM signet AS service
EXPOSE 3000 3010

FROM service AS authn
CMD ["serve", "authn"]

FROM service AS token
CMD ["serve", "token"]

FROM service AS session
CMD ["serve", "session"]

FROM service AS directory
CMD ["serve", "directory"]

FROM service AS audit
CMD ["serve", "audit"]

FROM service AS one-process
ENTRYPOINT ["node", "/signet/apps/signet/bin/one-process.cjs"]
