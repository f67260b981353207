import type { Config } from "../config.ts";
import type { PaymentProvider } from "../domain/payment-provider.ts";
import { createSimulatorProvider } from "./simulator/create-simulator-provider.ts";
import { createSslcommerzProvider } from "./sslcommerz/create-sslcommerz-provider.ts";

/** The provider that the platform is set to. */
export const createProvider = (config: Config): PaymentProvider =>
  config.PAYMENT_PROVIDER === "simulator"
    ? createSimulatorProvider({
        baseUrl: config.PAYMENT_SIMULATOR_URL,
        apiKey: config.PAYMENT_PROVIDER_KEY,
        webhookSecret: config.PAYMENT_WEBHOOK_SECRET,
      })
    : createSslcommerzProvider({
        baseUrl: config.SSLCOMMERZ_URL,
        login: config.PAYMENT_PROVIDER_KEY,
        publicUrl: config.PUBLIC_URL,
      });
