import { connect } from "node:net";
import { eventually } from "@jatra/testing/eventually.ts";

/** Sends bytes as no well-behaved client does; the answer as far as it has come once its headers are complete. */
export const raw = async (
  gateway: { readonly url: string },
  text: string,
): Promise<{ status: number; text: string }> => {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  socket.write(text);
  let answer = "";
  socket.on("data", (data) => {
    answer += data.toString();
  });
  await eventually(() => answer.includes("\r\n\r\n") || socket.destroyed);
  socket.destroy();
  return { status: Number(answer.split(" ")[1]), text: answer };
};

/** Everything that comes back until the gateway closes the connection. */
export const converse = async (
  url: string,
  text: string,
  dripping?: { readonly every: number; readonly byte: string },
): Promise<string> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let answer = "";
  socket.on("data", (data) => {
    answer += data.toString("latin1");
  });
  socket.on("error", () => undefined);
  socket.write(Buffer.from(text, "latin1"));
  const drip =
    dripping && setInterval(() => socket.writable && socket.write(dripping.byte), dripping.every);
  await eventually(() => socket.destroyed || socket.closed);
  clearInterval(drip);
  return answer;
};

export const statuses = (answer: string): number[] =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3}) [A-Z]/g)].map(([, status]) => Number(status));

/** What would tell of the inside: addresses, ports, names of services, errors of the system, stacks. */
export const inner = /127\.0\.0\.1|localhost|-service\b|ECONN|EPIPE|HPE_|node_modules|\.ts:\d/;
