import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { S3Settings } from "../src/files/index.ts";
import { serve } from "./serve.ts";

export type S3Trouble = "slow-down" | "reset" | "skewed";

export interface FakeS3 extends AsyncDisposable {
  readonly settings: S3Settings;
  /** Keys of the objects. */
  readonly keys: () => readonly string[];
  /** The next requests go wrong in this way, one after the other. */
  readonly trouble: (...next: readonly S3Trouble[]) => void;
  readonly requests: () => number;
}

/**
 * A service with S3's interface for objects, addressed by path. It checks the signature of every request, and the
 * hash of every body, as Amazon writes it down:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export async function startFakeS3(): Promise<FakeS3> {
  const keys = { accessKey: "AKIATEST", secretKey: "test/secret+key" };
  const place = { bucket: "clara-files", region: "eu-test-1" };
  const objects = new Map<string, Buffer>();
  const troubles: S3Trouble[] = [];
  let count = 0;

  const server = await serve((request, response) => {
    count++;
    const trouble = troubles.shift();
    if (trouble === "reset") return void request.socket.destroy();
    void handle(request, trouble).then(({ status, body }) => {
      response.writeHead(status, { "content-type": "application/xml" });
      response.end(body);
    });
  });

  async function handle(request: IncomingMessage, trouble: S3Trouble | undefined): Promise<Answer> {
    const body = Buffer.concat((await Array.fromAsync(request)) as Buffer[]);
    if (trouble === "slow-down") return fault(503, "SlowDown");
    if (trouble === "skewed") return fault(403, "RequestTimeTooSkewed");
    const refusal = check(request, body, { ...keys, region: place.region });
    if (refusal !== null) return refusal;
    const { pathname, searchParams } = new URL(request.url ?? "", "http://s3");
    const [, bucket = "", ...rest] = pathname.split("/");
    if (bucket !== place.bucket) return fault(404, "NoSuchBucket");
    if (searchParams.get("list-type") === "2") return list(searchParams);
    return act(request.method ?? "", rest.join("/"), body);
  }

  function act(method: string, key: string, body: Buffer): Answer {
    if (method === "PUT") objects.set(key, body);
    if (method === "PUT") return { status: 200, body: "" };
    const found = objects.get(key);
    if (method === "DELETE") objects.delete(key);
    if (method === "DELETE") return { status: 204, body: "" };
    return found ? { status: 200, body: found } : fault(404, "NoSuchKey");
  }

  /** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
  function list(query: URLSearchParams): Answer {
    const after = query.get("continuation-token") ?? "";
    const found = [...objects.keys()]
      .filter((key) => key.startsWith(query.get("prefix") ?? "") && key > after)
      .toSorted();
    const shown = found.slice(0, KEYS_PER_PAGE);
    const next =
      found.length > shown.length
        ? `<NextContinuationToken>${shown.at(-1)}</NextContinuationToken>`
        : "";
    const contents = shown.map((key) => `<Contents><Key>${key}</Key></Contents>`).join("");
    return { status: 200, body: `<ListBucketResult>${next}${contents}</ListBucketResult>` };
  }

  return {
    settings: { endpointUrl: server.url, ...place, ...keys },
    keys: () => [...objects.keys()],
    trouble: (...next) => void troubles.push(...next),
    requests: () => count,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Amazon gives a thousand. */
const KEYS_PER_PAGE = 2;

interface Answer {
  readonly status: number;
  readonly body: Buffer | string;
}

const fault = (status: number, code: string): Answer => ({
  status,
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>m</Message></Error>`,
});

interface Expected {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
}

/** null when the request is signed with our key, and its body is the one that was signed. */
function check(request: IncomingMessage, body: Buffer, expected: Expected): Answer | null {
  const given =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? "",
    );
  if (!given) return fault(403, "AccessDenied");
  const [, accessKey, day = "", region = "", names = "", signature] = given;
  if (accessKey !== expected.accessKey) return fault(403, "InvalidAccessKeyId");
  if (region !== expected.region) return fault(400, "AuthorizationHeaderMalformed");
  const header = (name: string) => String(request.headers[name] ?? "").trim();
  const hash = header("x-amz-content-sha256");
  if (hash !== sha256(body)) return fault(400, "XAmzContentSHA256Mismatch");
  const signed = names.split(";");
  if (!signed.includes("host") || !signed.includes("x-amz-content-sha256"))
    return fault(403, "AccessDenied");
  const [path = "", query = ""] = (request.url ?? "").split("?");
  const canonical = [
    request.method,
    path,
    query.split("&").toSorted().join("&"),
    ...signed.map((name) => `${name}:${header(name)}`),
    "",
    names,
    hash,
  ].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", header("x-amz-date"), scope, sha256(canonical)].join("\n");
  const key = [day, region, "s3", "aws4_request"].reduce<Buffer>(
    (before, each) => hmac(before, each),
    Buffer.from(`AWS4${expected.secretKey}`),
  );
  return hmac(key, toSign).toString("hex") === signature
    ? null
    : fault(403, "SignatureDoesNotMatch");
}

const sha256 = (content: string | Buffer): string =>
  createHash("sha256").update(content).digest("hex");
const hmac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
