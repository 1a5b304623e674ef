// A sample brand, given to a client by the AWS API.

import { readFile, readdir } from "node:fs/promises";
import { CreateManagedLoginBrandingCommand } from "@aws-sdk/client-cognito-identity-provider";

const FOLDER = new URL("../../../server/crates/branding/samples/", import.meta.url);

/** What the provider's button bears whose picture is in the folder. */
const PROVIDER = "Contoso Staff";

/** Has a site's client wear a sample brand (`bank`, `game`, `clinic`). */
export async function wear(admin, site, slug) {
  const folder = new URL(`${slug}/`, FOLDER);
  const Settings = JSON.parse(await readFile(new URL("settings.json", folder), "utf8"));
  const names = (await readdir(folder)).filter((name) => !name.endsWith(".json"));
  const Assets = await Promise.all(
    names.map(async (name) => {
      const [Category, ColorMode, extension] = name.split(".");
      const Bytes = await readFile(new URL(name, folder));
      const ResourceId = Category === "IDP_BUTTON_ICON" ? PROVIDER : undefined;
      return { Category, ColorMode, Extension: extension.toUpperCase(), Bytes, ResourceId };
    }),
  );
  const request = { UserPoolId: site.id, ClientId: site.clientId, Settings, Assets };
  const { ManagedLoginBranding } = await admin.api.send(new CreateManagedLoginBrandingCommand(request));
  return ManagedLoginBranding;
}
