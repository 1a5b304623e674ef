// Proves a password to the page's own handler (the protocol stands in the crate's documentation). The password
// comes in as a message and goes nowhere but into the proof.
import start, { Proof } from "./islands_glue.js";

let proof;

const ask = async (address, body) => JSON.parse(await Proof.post(address, JSON.stringify(body)));

const ended = (answer) => {
  if (answer.location) return postMessage(["go", answer.location]), true;
  if (answer.error) return postMessage(["say", String(answer.error.message)]), true;
};

onmessage = async ({ data: [module, address, username, password, csrf, state] }) => {
  // The first message brings the compiled module: A is ready before the password is.
  if (module) {
    proof = start({ module_or_path: module }).then(() => Proof.begin(crypto.getRandomValues(new Uint8Array(32))));
    return proof.then(
      () => postMessage(["ready"]),
      () => postMessage(["dead"]),
    );
  }
  try {
    const known = await proof;
    const challenge = await ask(address, { step: "start", username, srpA: known.a(), csrf, state });
    if (ended(challenge)) return;
    postMessage(["on"]);
    const { userId, secretBlock } = challenge;
    const [timestamp, signature] = known.answer(
      challenge.poolName,
      userId,
      password,
      challenge.salt,
      challenge.srpB,
      Uint8Array.from(atob(secretBlock), (letter) => letter.charCodeAt(0)),
      challenge.time,
    );
    const claim = { step: "verify", userId, secretBlock, timestamp, csrf, state };
    claim.signature = btoa(String.fromCharCode(...signature));
    if (!ended(await ask(address, claim))) throw 0;
  } catch {
    postMessage(["lost"]);
  }
};
