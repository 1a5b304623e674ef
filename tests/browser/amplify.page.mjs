// What the page of amplify.test.mjs runs: Amplify's own functions, called by name from outside.

import { Amplify } from "aws-amplify";
import * as auth from "aws-amplify/auth";

globalThis.configure = (Cognito) => Amplify.configure({ Auth: { Cognito } });

/** Calls one of aws-amplify/auth; what it answers or throws comes back as plain values. */
globalThis.call = async (name, input) => {
  try {
    const answer = await auth[name](input);
    return { answer: answer === undefined ? null : JSON.parse(JSON.stringify(answer, plain)) };
  } catch (error) {
    return { error: { name: error.name, message: error.message } };
  }
};

function plain(_key, value) {
  // Tokens print themselves; the address of a TOTP key is a function.
  if (value && typeof value === "object" && "payload" in value) return { text: value.toString(), payload: value.payload };
  return value;
}
