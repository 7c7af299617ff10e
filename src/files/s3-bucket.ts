import { createHash } from "node:crypto";
import { AwsClient } from "aws4fetch";
import { asError } from "../lib/as-error.ts";

export interface S3Settings {
  /** Without a slash at its end, for example `https://s3.wasabisys.com`. */
  readonly endpointUrl: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

export type S3Fault =
  | "key-refused"
  | "no-bucket"
  | "wrong-region"
  | "clock"
  | "unreachable"
  | "other";

/** In words for whoever runs Clara. Never what the server wrote: it may quote the key. */
export class S3Error extends Error {
  override readonly name = "S3Error";
  readonly kind: S3Fault;

  constructor(kind: S3Fault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

export interface S3Deps {
  readonly fetch: typeof globalThis.fetch;
  readonly sleep: (ms: number) => Promise<void>;
}

const TIMEOUT_MS = 60_000;
const MAX_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 200;
const MAX_FAULT_CHARS = 4_096;
/** Of lists of keys, a thousand each. */
const MAX_PAGES = 10_000;

/** Objects of a bucket, by key. */
export interface S3Bucket {
  readonly put: (key: string, content: Uint8Array) => Promise<void>;
  /** null when there is nothing. */
  readonly get: (key: string) => Promise<Uint8Array | null>;
  /** Resolves also when there was nothing. */
  readonly remove: (key: string) => Promise<void>;
  /** All keys that begin so, in their order. */
  readonly keys: (prefix: string) => Promise<readonly string[]>;
}

/** A bucket at any service with S3's interface. What fails for a moment is tried again. Throws S3Error. */
export function createS3Bucket(deps: S3Deps, settings: S3Settings): S3Bucket {
  const { endpointUrl, region, bucket, accessKey, secretKey } = settings;
  const signer = new AwsClient({
    accessKeyId: accessKey,
    secretAccessKey: secretKey,
    service: "s3",
    region,
    retries: 0,
  });

  async function once(method: string, key: string, content: Uint8Array | null): Promise<Response> {
    const url = `${endpointUrl}/${bucket}/${key}`;
    const sha256 = createHash("sha256")
      .update(content ?? "")
      .digest("hex");
    const request = await signer.sign(url, {
      method,
      headers: { "x-amz-content-sha256": sha256 },
      ...(content && { body: Buffer.from(content) }),
    });
    return deps.fetch(request, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
  }

  /** The bytes of the answer; null for 404. */
  async function ask(
    method: string,
    key: string,
    content: Uint8Array | null = null,
    attempt = 1,
  ): Promise<Uint8Array | null> {
    let fault: S3Error;
    try {
      const response = await once(method, key, content);
      if (response.ok) return await response.bytes();
      const code = await codeOf(response);
      if (response.status === 404 && code !== "NoSuchBucket") return null;
      fault = toFault(response.status, code, settings);
    } catch (error) {
      const words = `The file store at S3_ENDPOINT_URL (${endpointUrl}) cannot be reached`;
      fault = new S3Error("unreachable", words, { cause: asError(error) });
    }
    if (fault.kind !== "unreachable" || attempt >= MAX_ATTEMPTS) throw fault;
    await deps.sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    return ask(method, key, content, attempt + 1);
  }

  return {
    async put(key, content) {
      await ask("PUT", key, content);
    },
    get: (key) => ask("GET", key),
    async remove(key) {
      await ask("DELETE", key);
    },
    async keys(prefix) {
      const found: string[] = [];
      let token = "";
      for (let page = 0; page < MAX_PAGES; page++) {
        const query = new URLSearchParams({ "list-type": "2", prefix });
        if (token !== "") query.set("continuation-token", token);
        const answer = new TextDecoder().decode(
          (await ask("GET", `?${query.toString()}`)) ?? undefined,
        );
        found.push(...tagsOf(answer, "Key"));
        token = tagsOf(answer, "NextContinuationToken")[0] ?? "";
        if (token === "") return found;
      }
      throw new S3Error("other", `The bucket ${bucket} holds far more than is ours`);
    },
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html Our own keys hold nothing that XML writes otherwise. */
const tagsOf = (xml: string, tag: string): readonly string[] =>
  [...xml.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, "g"))].map(([, text = ""]) => text);

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
async function codeOf(response: Response): Promise<string> {
  const text = (await response.text()).slice(0, MAX_FAULT_CHARS);
  return /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? "";
}

function toFault(status: number, code: string, { bucket, endpointUrl }: S3Settings): S3Error {
  if (status === 404)
    return new S3Error("no-bucket", `There is no bucket ${bucket}: make it, or look at S3_BUCKET`);
  if (code === "RequestTimeTooSkewed")
    return new S3Error("clock", "The clock of this machine is wrong: switch on NTP");
  if (code === "AuthorizationHeaderMalformed" || (status >= 300 && status < 400))
    return new S3Error(
      "wrong-region",
      "The bucket is elsewhere: look at S3_REGION and S3_ENDPOINT_URL",
    );
  if (status === 401 || status === 403)
    return new S3Error(
      "key-refused",
      `The file store does not accept the key, or the key may not use the bucket ${bucket}: look at S3_ACCESS_KEY and S3_SECRET_KEY`,
    );
  if (status >= 500 || status === 429)
    return new S3Error("unreachable", `The file store at ${endpointUrl} is too busy (${status})`);
  return new S3Error("other", `The file store answered ${status} ${code}`);
}
