/** Short names (keys of `spec.services`), Deployments and ports; docs/architecture.md, «Processes». */
export const services = {
  "api-gateway": { deployment: "api-gateway", port: 3000 },
  auth: { deployment: "auth-service", port: 3001 },
  schedule: { deployment: "schedule-service", port: 3002 },
  "seat-reservation": { deployment: "seat-reservation-service", port: 3003 },
  payment: { deployment: "payment-service", port: 3004 },
  booking: { deployment: "booking-service", port: 3005 },
  ticket: { deployment: "ticket-service", port: 3006 },
  notification: { deployment: "notification-service", port: 3007 },
  user: { deployment: "user-service", port: 3008 },
  search: { deployment: "search-service", port: 3009 },
  admin: { deployment: "admin-service", port: 3010 },
  reporting: { deployment: "reporting-service", port: 3011 },
} as const;
export type ServiceName = keyof typeof services;
