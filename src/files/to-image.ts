import type { ContentPart } from "../core/model.ts";

const JPEG_QUALITY = 85;
/** Small ones stay as they are. */
const KEPT_AS_IS_BYTES = 500_000;
/** A picture of a few bytes may unfold to gigabytes. */
const MAX_PIXELS = 80_000_000;
const MAX_SECONDS = 10;

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
};

export type Imaged =
  | { readonly kind: "image"; readonly part: Extract<ContentPart, { type: "image" }> }
  /** For people and the model: why not. */
  | { readonly kind: "refused"; readonly why: string };

export interface ImageLimits {
  /** Pixels of the longer side. Providers make images smaller beyond 1,568 anyway. https://docs.claude.com/en/docs/build-with-claude/vision */
  readonly maxImageEdge: number;
  /** Of a picture once it was made smaller. */
  readonly maxImageBytes: number;
}

/** An image as models take it: its first frame, within the limits, without what the camera wrote into it. */
export async function toImage(
  bytes: Uint8Array,
  { maxImageEdge, maxImageBytes }: ImageLimits,
): Promise<Imaged> {
  const { default: sharp } = await import("sharp");
  const open = () =>
    sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: "error" }).timeout({
      seconds: MAX_SECONDS,
    });
  try {
    const { format, width, height, pages = 1, orientation = 1, exif } = await open().metadata();
    const mediaType = MEDIA_TYPES[format];
    if (mediaType === undefined) return refused("it is no PNG, JPEG, GIF or WebP image");
    if (width * height > MAX_PIXELS) return refused("it has too many pixels");
    const isFine =
      bytes.length <= Math.min(KEPT_AS_IS_BYTES, maxImageBytes) &&
      Math.max(width, height) <= maxImageEdge &&
      pages === 1 &&
      orientation === 1 &&
      exif === undefined;
    // Decoded all the same: a file that only looks like an image would make the provider refuse the whole question.
    if (isFine) await open().stats();
    const data = isFine
      ? Buffer.from(bytes)
      : await open()
          .autoOrient()
          .resize(maxImageEdge, maxImageEdge, { fit: "inside", withoutEnlargement: true })
          .flatten({ background: "white" })
          .jpeg({ quality: JPEG_QUALITY })
          .toBuffer();
    if (data.length > maxImageBytes) return refused("it is too large even when made smaller");
    const type = isFine ? mediaType : "image/jpeg";
    return {
      kind: "image",
      part: { type: "image", mediaType: type, data: data.toString("base64") },
    };
  } catch {
    // The library's words would tell nobody anything.
    return refused("it cannot be read as an image");
  }
}

const refused = (why: string): Imaged => ({ kind: "refused", why });
