import { createServer, type AddressInfo, type Socket } from "node:net";
import { once } from "node:events";
import { PortForward, type KubeConfig } from "@kubernetes/client-node";

export interface Target {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

/**
 * Makes a port of a pod reachable for the time of `work`, through the API server and so over its
 * TLS: it needs no address of the pod from outside, only the right `pods/portforward`.
 */
export async function withPortForward<T>(
  kubeConfig: KubeConfig,
  target: Target,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const forward = new PortForward(kubeConfig);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // A broken connection is told by the request that used it.
    socket.on("error", () => socket.destroy());
    forward
      .portForward(target.namespace, target.pod, [target.port], socket, null, socket)
      .then((connection) => {
        // A function only with retries, which would send a request twice.
        if (typeof connection === "function") return;
        connection.addEventListener("close", () => socket.end());
        socket.once("close", () => connection.close());
        if (socket.destroyed) connection.close();
      })
      .catch(() => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await work(`http://127.0.0.1:${portOf(server.address())}`);
  } finally {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address === "object" && address !== null) return address.port;
  throw new Error("The forwarded port has no address.");
}
