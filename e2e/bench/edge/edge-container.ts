import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "@jatra/testing/eventually.ts";
import { contentHash } from "../../cluster/content-hash.ts";
import { cache, repository } from "../../cluster/folders.ts";
import { outputOf, run } from "../../cluster/run-command.ts";
import { buildImage } from "../../images/build-image.ts";
import { debianBase } from "../../images/debian-base.ts";

const folder = "e2e/bench/edge";
/** As many as the gateway keeps to one service. */
const UPSTREAM_CONNECTIONS = 128;
const READY_TIMEOUT_MS = 20_000;

/** The image with nginx and wrk, built from Debian's packages once. */
export const edgeImage = async (): Promise<string> => {
  const base = await debianBase("trixie");
  const image = `jatra/bench-edge:${await contentHash(repository, [`${folder}/Dockerfile`], [base])}`;
  await buildImage({ image, context: join(repository, folder), buildArgs: { BASE: base } });
  return image;
};

/** nginx as a bare reverse proxy with one worker, on 127.0.0.1. Answers how to stop it. */
export const startNginx = async (
  image: string,
  ports: { readonly own: number; readonly upstream: number },
): Promise<() => Promise<void>> => {
  const file = join(cache("bench", "nginx"), "nginx.conf");
  writeFileSync(file, configuration(ports.own, ports.upstream));
  const id = await run("docker", [
    "run",
    "--detach",
    "--rm",
    "--network=host",
    `--volume=${file}:/nginx.conf:ro`,
    image,
    "nginx",
    "-c",
    "/nginx.conf",
    "-g",
    "daemon off;",
  ]);
  const stop = async (): Promise<void> => {
    await outputOf("docker", ["rm", "--force", id.trim()]);
  };
  try {
    await eventually(async () => {
      const answer = await fetch(`http://127.0.0.1:${ports.own}/`).catch(() => undefined);
      await answer?.text();
      return answer?.status === 200;
    }, READY_TIMEOUT_MS);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
};

const configuration = (own: number, upstream: number): string => `
worker_processes 1;
pid /tmp/nginx.pid;
error_log stderr warn;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 1000000;
  upstream service { server 127.0.0.1:${upstream}; keepalive ${UPSTREAM_CONNECTIONS}; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${own};
    location / {
      proxy_pass http://service;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
}
`;
