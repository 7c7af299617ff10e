import { Hono } from "hono";
import { bodyOf, pageOf, part, refuse, textOr } from "./answers.ts";
import { matches } from "./drive-query.ts";
import { addFile, type EmulatedFile, type GoogleState, type Json } from "./state.ts";

const shown = (file: EmulatedFile): Json => ({
  kind: "drive#file",
  id: file.id,
  name: file.name,
  mimeType: file.mimeType,
  parents: file.parents,
  trashed: file.trashed,
  modifiedTime: file.modifiedTime,
  webViewLink: `https://drive.google.com/file/d/${file.id}/view`,
  permissions: file.permissions,
  ...(file.mimeType.startsWith("application/vnd.google-apps.")
    ? {}
    : { size: String(Buffer.byteLength(file.content)) }),
});

/** https://developers.google.com/workspace/drive/api/reference/rest/v3 */
export function driveRoutes(state: GoogleState): Hono {
  const find = (id: string) => state.files.get(id) ?? refuse(404, "notFound", "File not found");
  /** Scope drive.file: what the client made itself. */
  function own(id: string): EmulatedFile {
    const file = find(id);
    return file.isOurs ? file : refuse(403, "appNotAuthorizedToFile");
  }
  const made = (body: Json, content = "") =>
    addFile(state, {
      name: textOr(body["name"], "Untitled"),
      mimeType: textOr(body["mimeType"], "text/plain"),
      parents: (body["parents"] ?? ["root"]) as readonly string[],
      content,
      isOurs: true,
    });

  return new Hono()
    .get("/drive/v3/files", (c) => {
      const q = c.req.query("q") ?? "";
      if (q.includes("fullText") && c.req.query("orderBy") !== undefined)
        refuse(403, "forbidden", "Sorting is not supported for queries with fullText terms.");
      const found = [...state.files.values()].filter((file) => matches(q, file)).map(shown);
      const { items, ...more } = pageOf(state, found, c, "pageSize");
      return c.json({ files: items, ...more });
    })
    .post("/drive/v3/files", async (c) => c.json(shown(made(await bodyOf(c)))))
    .post("/upload/drive/v3/files", async (c) => {
      const boundary = /boundary=(.+)$/.exec(c.req.header("content-type") ?? "")?.[1] ?? "";
      const parts = (await c.req.text()).split(`--${boundary}`).slice(1, -1);
      const [metadata = "", content = ""] = parts.map((each) =>
        each.slice(each.indexOf("\r\n\r\n") + 4).replace(/\r\n$/, ""),
      );
      return c.json(shown(made(JSON.parse(metadata) as Json, content)));
    })
    .get("/drive/v3/files/:id", (c) => {
      const file = find(part(c, "id"));
      if (c.req.query("alt") !== "media") return c.json(shown(file));
      return c.body(file.content, 200, { "Content-Type": file.mimeType });
    })
    .get("/drive/v3/files/:id/export", (c) => {
      const file = find(part(c, "id"));
      const type = c.req.query("mimeType") ?? "";
      const text = type === "text/csv" ? file.cells.map((row) => row.join(",")).join("\n") : null;
      return c.body(text ?? file.content, 200, { "Content-Type": type });
    })
    .patch("/drive/v3/files/:id", async (c) => {
      const file = own(part(c, "id"));
      const body = await bodyOf(c);
      const { addParents = "", removeParents = "" } = c.req.query();
      if (typeof body["name"] === "string") file.name = body["name"];
      if (typeof body["trashed"] === "boolean") file.trashed = body["trashed"];
      const left = file.parents.filter((each) => !removeParents.split(",").includes(each));
      file.parents = [...left, ...(addParents === "" ? [] : [addParents])];
      return c.json(shown(file));
    })
    .delete("/drive/v3/files/:id", (c) => {
      state.files.delete(own(part(c, "id")).id);
      return c.body(null, 204);
    })
    .post("/drive/v3/files/:id/copy", async (c) => {
      const file = find(part(c, "id"));
      const body = await bodyOf(c);
      const name = body["name"] ?? `Copy of ${file.name}`;
      return c.json(shown(made({ mimeType: file.mimeType, ...body, name }, file.content)));
    })
    .post("/drive/v3/files/:id/permissions", async (c) => {
      const file = own(part(c, "id"));
      const body = await bodyOf(c);
      const [emailAddress, role] = [textOr(body["emailAddress"], ""), textOr(body["role"], "")];
      file.permissions.push({ emailAddress, role });
      if (c.req.query("sendNotificationEmail") === "true")
        state.mail.push(`shared ${emailAddress}`);
      return c.json({ id: state.nextId(), role });
    });
}
