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
