/** An IPv4 address that arrived over an IPv6 socket. */
const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
/** What providers give one customer, who may use any address in it (RFC 6177). */
const NETWORK_GROUPS = 4;

/** The peer's address in its usual form. Nothing in front of the gateway is trusted, so no header is looked at. */
export const clientAddressOf = (remoteAddress: string | undefined): string => {
  if (remoteAddress === undefined) return "unknown";
  return mapped.exec(remoteAddress)?.[1] ?? remoteAddress;
};

/** What limits count by: an IPv4 address, or the /64 network of an IPv6 one. */
export const networkOf = (address: string): string => {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("%")[0]?.split("::") ?? [];
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const after = tail === "" ? [] : tail.split(":");
    while (groups.length + after.length < 8) groups.push("0");
    groups.push(...after);
  }
  return `${groups.slice(0, NETWORK_GROUPS).join(":")}::/64`;
};
