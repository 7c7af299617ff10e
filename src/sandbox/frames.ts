/** Between Clara and the keeper of a sandbox: a head, which is JSON, and a body, which is bytes. */
export interface Frame {
  readonly head: unknown;
  readonly body: Uint8Array;
}

const LENGTHS_BYTES = 8;
/** More than a keeper sends. What it sends is believed no further than any program in there. */
const MAX_HEAD_BYTES = 256 * 1024;
const MAX_BODY_BYTES = 2 * 1024 * 1024;

export function toFrame(head: unknown, body: Uint8Array = new Uint8Array()): Buffer {
  const text = Buffer.from(JSON.stringify(head));
  const lengths = Buffer.alloc(LENGTHS_BYTES);
  lengths.writeUInt32BE(text.length, 0);
  lengths.writeUInt32BE(body.length, 4);
  return Buffer.concat([lengths, text, body]);
}

/** Takes pieces as they come, and gives the frames that are whole. Throws on what is no frame. */
export function createFrameReader(): (piece: Uint8Array) => readonly Frame[] {
  const take = createCutter(LENGTHS_BYTES, (header) => {
    const [head, body] = [header.readUInt32BE(0), header.readUInt32BE(4)];
    if (head > MAX_HEAD_BYTES || body > MAX_BODY_BYTES) throw new Error("The frame is too long.");
    return head + body;
  });
  return (piece) =>
    take(piece).map(({ header, rest }) => {
      const headBytes = header.readUInt32BE(0);
      return {
        head: JSON.parse(rest.toString("utf8", 0, headBytes)) as unknown,
        body: rest.subarray(headBytes),
      };
    });
}

/** Docker's own frames around what a container writes: its stdout only. https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach */
export function createDockerReader(): (piece: Uint8Array) => {
  readonly out: readonly Uint8Array[];
  readonly err: readonly Uint8Array[];
} {
  const STDOUT = 1;
  const STDERR = 2;
  const take = createCutter(LENGTHS_BYTES, (header) => header.readUInt32BE(4));
  return (piece) => {
    const whole = take(piece);
    const of = (kind: number) =>
      whole.flatMap(({ header, rest }) => (header[0] === kind ? [rest] : []));
    return { out: of(STDOUT), err: of(STDERR) };
  };
}

/** Cuts a stream into headers and what belongs to each. */
function createCutter(headerBytes: number, lengthOf: (header: Buffer) => number) {
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let wanted = headerBytes;
  return (piece: Uint8Array): readonly { readonly header: Buffer; readonly rest: Buffer }[] => {
    waiting.push(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
    waitingBytes += piece.length;
    if (waitingBytes < wanted) return [];
    let left = waiting.length === 1 ? (waiting[0] ?? Buffer.alloc(0)) : Buffer.concat(waiting);
    const whole: { header: Buffer; rest: Buffer }[] = [];
    wanted = headerBytes;
    while (left.length >= headerBytes) {
      const end = headerBytes + lengthOf(left.subarray(0, headerBytes));
      if (left.length < end) {
        wanted = end;
        break;
      }
      whole.push({ header: left.subarray(0, headerBytes), rest: left.subarray(headerBytes, end) });
      left = left.subarray(end);
    }
    waiting = left.length > 0 ? [left] : [];
    waitingBytes = left.length;
    return whole;
  };
}
