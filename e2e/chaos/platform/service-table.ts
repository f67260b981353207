/** The services that take part in a sale, as the harness starts them; those without a part in it stay away. */
export const serviceTable = {
  schedule: { urlName: "SCHEDULE_SERVICE_URL" },
  "seat-reservation": { urlName: "SEAT_RESERVATION_SERVICE_URL" },
  booking: { urlName: "BOOKING_SERVICE_URL" },
  payment: { urlName: "PAYMENT_SERVICE_URL" },
  "payment-simulator": { urlName: "PAYMENT_SIMULATOR_URL" },
  ticket: { urlName: "TICKET_SERVICE_URL" },
  notification: { urlName: "NOTIFICATION_SERVICE_URL" },
  search: { urlName: "SEARCH_SERVICE_URL" },
} as const satisfies Record<string, { readonly urlName: string }>;
export type ServiceName = keyof typeof serviceTable;

const isServiceName = (name: string): name is ServiceName => name in serviceTable;
export const serviceNames: readonly ServiceName[] = Object.keys(serviceTable).filter(isServiceName);

/** The provider stands outside the platform; its process dying is its own fault, not the platform's. */
export const killableServices: readonly ServiceName[] = serviceNames.filter(
  (name) => name !== "payment-simulator",
);
