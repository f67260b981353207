/** Cuts a stream of bytes into whole frames; what is not whole yet waits for the next bytes. */
export type Splitter = (bytes: Buffer) => readonly Buffer[];

/** `lengthOf`: of the frame that begins here, `undefined` while that can't be told. */
const createSplitter = (lengthOf: (bytes: Buffer) => number | undefined): Splitter => {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const frames: Buffer[] = [];
    for (;;) {
      const length = lengthOf(rest);
      if (length === undefined || rest.length < length) return frames;
      frames.push(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  };
};

/** PostgreSQL's messages: a letter, then the length of the rest. The client's first one has no letter. */
export const splitPostgres = (from: "client" | "server"): Splitter => {
  let isFirst = from === "client";
  return createSplitter((bytes) => {
    if (bytes.length < 5) return undefined;
    if (!isFirst) return 1 + bytes.readUInt32BE(1);
    const length = bytes.readUInt32BE(0);
    if (bytes.length >= length) isFirst = false;
    return length;
  });
};

/** AMQP's frames: type, channel, size, payload, an end mark. The client begins with its protocol's name. */
export const splitAmqp = (): Splitter => {
  const greeting = "AMQP";
  return createSplitter((bytes) => {
    if (bytes.length < 8) return undefined;
    if (bytes.toString("latin1", 0, greeting.length) === greeting) return 8;
    return 7 + bytes.readUInt32BE(3) + 1;
  });
};
