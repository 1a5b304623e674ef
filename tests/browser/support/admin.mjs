// Pools, app clients and users made through the admin operations, on whichever server.

import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  AssociateSoftwareTokenCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  SetUserPoolMfaConfigCommand,
  VerifySoftwareTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { Authenticator, PASSWORD, REGION, fresh, pairs } from "../../clients/node/people.mjs";

export { Authenticator, OTHER_PASSWORD, PASSWORD, fresh, freshEmail, pairs, wrong } from "../../clients/node/people.mjs";

export class Admin {
  /** `url` is what browsers use; `direct` is where this process reaches the same server. */
  constructor(url = process.env.LATCHKEY_URL, direct = url) {
    this.url = url;
    this.direct = direct;
    this.api = new CognitoIdentityProviderClient({
      region: REGION,
      endpoint: direct,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      maxAttempts: 1,
    });
  }

  /** A pool with one client of an app: `{ url, direct, id, clientId, secret }`. `mfa` is OPTIONAL or ON, and then
   * codes come from authenticators, with `email` also by mail. */
  async makeSite(app, { pool = {}, client = {}, mfa, email } = {}) {
    const { UserPool } = await this.api.send(new CreateUserPoolCommand({ PoolName: fresh("pool"), ...pool }));
    const site = { url: this.url, direct: this.direct, id: UserPool.Id };
    if (mfa) {
      await this.api.send(
        new SetUserPoolMfaConfigCommand({
          UserPoolId: site.id,
          MfaConfiguration: mfa,
          SoftwareTokenMfaConfiguration: { Enabled: true },
          EmailMfaConfiguration: email && { Message: "Your code: {####}", Subject: "Code" },
        }),
      );
    }
    const { UserPoolClient } = await this.api.send(
      new CreateUserPoolClientCommand({ UserPoolId: site.id, ClientName: "Acme", ...app.client, ...client }),
    );
    return { ...site, clientId: UserPoolClient.ClientId, secret: UserPoolClient.ClientSecret };
  }

  /** A confirmed user with PASSWORD; gives the name to sign in with. */
  async makeUser(site, { name = fresh(), attributes = {}, password = PASSWORD } = {}) {
    const key = { UserPoolId: site.id, Username: name };
    await this.api.send(
      new AdminCreateUserCommand({ ...key, MessageAction: "SUPPRESS", UserAttributes: pairs(attributes) }),
    );
    await this.api.send(new AdminSetUserPasswordCommand({ ...key, Password: password, Permanent: true }));
    return name;
  }

  /** Sets up an authenticator for a user of a client that takes ADMIN_USER_PASSWORD_AUTH. */
  async enrol(site, username) {
    const { AuthenticationResult } = await this.api.send(
      new AdminInitiateAuthCommand({
        UserPoolId: site.id,
        ClientId: site.clientId,
        AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: username, PASSWORD },
      }),
    );
    const { AccessToken } = AuthenticationResult;
    const { SecretCode } = await this.api.send(new AssociateSoftwareTokenCommand({ AccessToken }));
    const authenticator = new Authenticator(SecretCode);
    await this.api.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: await authenticator.code() }));
    return authenticator;
  }

  /** What was sent to an address, newest first. */
  async mail(address) {
    const answer = await fetch(`${this.direct}/_latchkey/mailbox?to=${encodeURIComponent(address)}`);
    return answer.json();
  }

  /** The newest code that was sent to an address. */
  async code(address) {
    const [message] = (await this.mail(address)).filter((message) => message.code);
    if (!message) throw new Error(`no code was sent to ${address}`);
    return message.code;
  }
}
