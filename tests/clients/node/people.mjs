// Pools, app clients and the people in them, made through the service's own API.

import { createHmac, randomUUID } from "node:crypto";
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  SetUserPoolMfaConfigCommand,
} from "@aws-sdk/client-cognito-identity-provider";

export const URL_ = process.env.LATCHKEY_URL;
if (!URL_) throw new Error("LATCHKEY_URL must say where a server in dev mode is");

export const REGION = "us-east-1";
export const PASSWORD = "Correct-Horse-9-Battery";
export const OTHER_PASSWORD = "Staple-Battery-7-Horse";

export const admin = new CognitoIdentityProviderClient({
  region: REGION,
  endpoint: URL_,
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
  maxAttempts: 1,
});

export const fresh = (prefix = "user") => `${prefix}-${randomUUID().slice(0, 12)}`;
export const freshEmail = () => `${fresh("mail")}@example.com`;
export const pairs = (attributes) => Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
export const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());

/** A pool with one client: `{ id, clientId, secret }`. `mfa` is OPTIONAL or ON. */
export async function makeSite({ pool = {}, client = {}, mfa } = {}) {
  const { UserPool } = await admin.send(new CreateUserPoolCommand({ PoolName: fresh("pool"), ...pool }));
  if (mfa) {
    const SoftwareTokenMfaConfiguration = { Enabled: true };
    await admin.send(
      new SetUserPoolMfaConfigCommand({
        UserPoolId: UserPool.Id,
        SoftwareTokenMfaConfiguration,
        MfaConfiguration: mfa,
      }),
    );
  }
  const { UserPoolClient } = await admin.send(
    new CreateUserPoolClientCommand({ UserPoolId: UserPool.Id, ClientName: fresh("client"), ...client }),
  );
  return { id: UserPool.Id, clientId: UserPoolClient.ClientId, secret: UserPoolClient.ClientSecret };
}

/** A confirmed user with PASSWORD; gives the name. */
export async function makeUser(site, attributes = {}) {
  const key = { UserPoolId: site.id, Username: fresh() };
  await admin.send(
    new AdminCreateUserCommand({ ...key, MessageAction: "SUPPRESS", UserAttributes: pairs(attributes) }),
  );
  await admin.send(new AdminSetUserPasswordCommand({ ...key, Password: PASSWORD, Permanent: true }));
  return key.Username;
}

/** The newest code that went to an address. */
export async function codeSentTo(address) {
  const answer = await fetch(`${URL_}/_latchkey/mailbox?to=${encodeURIComponent(address)}`);
  const message = (await answer.json()).find((message) => message.code);
  if (!message) throw new Error(`no code was sent to ${address}`);
  return message.code;
}

export const wrong = (code) => code.slice(0, -1) + String((Number(code.at(-1)) + 1) % 10);

/** RFC 6238. A code counts once, so each asked for is a step later than the one before; the server allows
 * for clocks that are a step early or late, which makes three codes without waiting. */
export class Authenticator {
  #key;
  #last = 0;

  constructor(secret) {
    const bits = [...secret].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0"));
    this.#key = Buffer.from(bits.join("").match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  }

  async code() {
    const now = Date.now() / 1000;
    // Two seconds of margin, lest the step before this one lapse on its way.
    const step = Math.max(this.#last + 1, Math.floor((now + 2) / 30) - 1);
    const early = (step - 1) * 30 - now;
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early * 1000));
    this.#last = step;
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const tag = createHmac("sha1", this.#key).update(counter).digest();
    const word = tag.readUInt32BE(tag.at(-1) & 15) & 0x7fffffff;
    return String(word % 1_000_000).padStart(6, "0");
  }
}
