/**
 * Passkeys on the pages of accounts: asks the browser for one, and sends what it says with the form.
 *
 * A form that stands for a passkey is hidden until this script has seen that the browser has any here: an address
 * of digits has none (WebAuthn wants a name), and then the page offers the app with codes instead.
 */
import { b64, fromB64 } from "./bytes.ts";

interface Described {
  id: string;
  type: PublicKeyCredentialType;
}

interface CreationOptions {
  challenge: string;
  rp: PublicKeyCredentialRpEntity;
  user: { id: string; name: string; displayName: string };
  pubKeyCredParams: PublicKeyCredentialParameters[];
  timeout: number;
  excludeCredentials?: Described[];
  authenticatorSelection: AuthenticatorSelectionCriteria;
}

interface RequestOptions {
  challenge: string;
  rpId: string;
  timeout: number;
  userVerification: UserVerificationRequirement;
}

async function asked<Options>(form: HTMLFormElement): Promise<Options> {
  const token = form.querySelector<HTMLInputElement>("[name=csrf_token]")?.value ?? "";
  const response = await fetch(form.dataset.options ?? "", {
    method: "POST",
    headers: { "X-CSRFToken": token },
    credentials: "same-origin",
  });
  if (!response.ok) throw new Error(`passkeys: the options were not given (${response.status.toString()})`);
  return (await response.json()) as Options;
}

const described = ({ id, type }: Described): PublicKeyCredentialDescriptor => ({ id: fromB64(id), type });

async function made(form: HTMLFormElement): Promise<unknown> {
  const options = await asked<CreationOptions>(form);
  const credential = (await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: fromB64(options.challenge),
      user: { ...options.user, id: fromB64(options.user.id) },
      excludeCredentials: (options.excludeCredentials ?? []).map(described),
    },
  })) as PublicKeyCredential;
  const { clientDataJSON, attestationObject } = credential.response as AuthenticatorAttestationResponse;
  return told(credential, {
    clientDataJSON: b64(new Uint8Array(clientDataJSON)),
    attestationObject: b64(new Uint8Array(attestationObject)),
  });
}

async function shown(form: HTMLFormElement): Promise<unknown> {
  const options = await asked<RequestOptions>(form);
  const credential = (await navigator.credentials.get({
    publicKey: { ...options, challenge: fromB64(options.challenge) },
  })) as PublicKeyCredential;
  const response = credential.response as AuthenticatorAssertionResponse;
  return told(credential, {
    clientDataJSON: b64(new Uint8Array(response.clientDataJSON)),
    authenticatorData: b64(new Uint8Array(response.authenticatorData)),
    signature: b64(new Uint8Array(response.signature)),
    userHandle: response.userHandle && b64(new Uint8Array(response.userHandle)),
  });
}

function told(credential: PublicKeyCredential, response: object): unknown {
  return { id: credential.id, rawId: b64(new Uint8Array(credential.rawId)), type: credential.type, response };
}

function handle(form: HTMLFormElement): void {
  const field = form.querySelector<HTMLInputElement>("[name=credential]");
  const failed = form.querySelector<HTMLElement>(".site-passkey-failed");
  if (!field || !failed) return;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    failed.hidden = true;
    (form.dataset.passkey === "create" ? made(form) : shown(form)).then(
      (credential) => {
        field.value = JSON.stringify(credential);
        form.submit();
      },
      (fault: unknown) => {
        console.error(fault);
        failed.hidden = false;
      },
    );
  });
}

const addressOfDigits = /^[\d.]+$|^\[/.test(location.hostname);
if ("PublicKeyCredential" in window && !addressOfDigits) {
  document.querySelectorAll<HTMLFormElement>("form[data-passkey]").forEach(handle);
}
