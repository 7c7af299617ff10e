import { expect, test } from "vitest";
import { describeDocker, openSandbox, python, run, type Ran } from "../../../test/open-sandbox.ts";
import { UNPACK } from "../../lib/unpack.ts";

interface Archive {
  readonly name: string;
  /** Python that writes /box/a. */
  readonly makes: string;
  readonly says: RegExp;
  /** What is there afterwards, besides the archive. */
  readonly leaves: string;
}

const tar = (members: string): string => `
import io, tarfile
def add(name, data=b"x", **kind):
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for key, value in kind.items(): setattr(info, key, value)
    file.addfile(info, io.BytesIO(data))
with tarfile.open("/box/a", "w") as file:
    ${members}
`;
const zip = (members: string): string => `
import zipfile
with zipfile.ZipFile("/box/a", "w", zipfile.ZIP_DEFLATED) as file:
    ${members}
`;
const LINK = "type=tarfile.SYMTYPE, linkname=";

const ARCHIVES: readonly Archive[] = [
  { name: "a plain tar", makes: tar("add('d/f')"), says: /unpacked 1 files/, leaves: "d/f" },
  {
    name: "a plain zip",
    makes: zip("file.writestr('d/f', 'x')"),
    says: /unpacked 1 files/,
    leaves: "d/f",
  },
  {
    name: "a tar that climbs",
    makes: tar("add('../../etc/x'); add('d/../../x'); add('ok')"),
    says: /unpacked 1 /,
    leaves: "ok",
  },
  {
    name: "a zip that climbs",
    makes: zip(
      "file.writestr('../x', ''); file.writestr('..\\\\\\\\x', ''); file.writestr('ok', '')",
    ),
    says: /unpacked 1 /,
    leaves: "ok",
  },
  {
    name: "absolute names",
    makes: tar("add('/etc/x'); add('/box/out/y'); add('ok')"),
    says: /unpacked 1 /,
    leaves: "ok",
  },
  {
    name: "a link, and a file through it",
    makes: tar(`add('l', b'', ${LINK}'/etc'); add('l/x')`),
    says: /unpacked 1 /,
    leaves: "l/x",
  },
  {
    name: "a hard link to elsewhere",
    makes: tar("add('h', b'', type=tarfile.LNKTYPE, linkname='/etc/passwd')"),
    says: /left out: 'h'[^]*unpacked 0/,
    leaves: "",
  },
  {
    name: "a device",
    makes: tar("add('dev', b'', type=tarfile.CHRTYPE, devmajor=1, devminor=1)"),
    says: /unpacked 0/,
    leaves: "",
  },
  {
    name: "a pipe",
    makes: tar("add('p', b'', type=tarfile.FIFOTYPE)"),
    says: /unpacked 0/,
    leaves: "",
  },
  {
    name: "a program with its owner's rights",
    makes: tar("add('s', b'x', mode=0o6755)"),
    says: /unpacked 1/,
    leaves: "s",
  },
  {
    name: "a link in a zip",
    makes: zip(
      "i = zipfile.ZipInfo('l'); i.external_attr = 0o120777 << 16; file.writestr(i, '/etc'); file.writestr('ok', '')",
    ),
    says: /unpacked 1 /,
    leaves: "ok",
  },
  {
    name: "the same name twice",
    makes: tar("add('f', b'1'); add('f', b'2')"),
    says: /unpacked 2/,
    leaves: "f",
  },
  {
    name: "a name with a zero byte",
    makes: zip("file.writestr('a\\x00b', '')"),
    says: /unpacked 1|left out/,
    leaves: "a",
  },
  {
    name: "a bomb in a zip",
    makes: zip("file.writestr('b', bytes(300 << 20))").replace(
      "import zipfile",
      "import zipfile; import resource",
    ),
    says: /not unpacked to its end/,
    leaves: "b",
  },
  {
    name: "a bomb in a tar.gz",
    makes:
      "import gzip, io, tarfile\nraw = io.BytesIO()\nfile = tarfile.open(fileobj=raw, mode='w')\ni = tarfile.TarInfo('b'); i.size = 40 << 20\nfile.addfile(i, io.BytesIO(bytes(40 << 20))); file.close()\nopen('/box/a', 'wb').write(gzip.compress(raw.getvalue()))",
    says: /not unpacked to its end/,
    leaves: "b",
  },
  {
    name: "thousands of files",
    makes: tar("[add(str(n), b'') for n in range(3000)]"),
    says: /not unpacked|No space/,
    leaves: "many",
  },
  {
    name: "a head that promises ten gigabytes",
    makes:
      tar("add('f', b'x')") +
      "\nimport struct\nd = bytearray(open('/box/a', 'rb').read()); d[124:136] = b'77777777777\\0'\ns = sum(d[:148]) + 8 * 32 + sum(d[156:512]); d[148:156] = b'%06o\\0 ' % s\nopen('/box/a', 'wb').write(d)",
    says: /not unpacked to its end/,
    leaves: "f",
  },
  {
    name: "a tar that is cut short",
    makes:
      tar("add('f', bytes(100_000))") +
      "\nd = open('/box/a', 'rb').read(); open('/box/a', 'wb').write(d[:5000])",
    says: /not unpacked to its end/,
    leaves: "f",
  },
  {
    name: "a zip with a wrong sum",
    makes:
      zip("file.writestr('f', 'hello hello hello')") +
      "\nd = bytearray(open('/box/a', 'rb').read()); d[34] ^= 255; open('/box/a', 'wb').write(d)",
    says: /not unpacked to its end/,
    leaves: "f",
  },
  {
    name: "a locked zip",
    makes:
      zip("file.writestr('f', 'x')") +
      "\nd = bytearray(open('/box/a', 'rb').read()); i = d.find(b'PK\\x01\\x02'); d[i + 8] |= 1; open('/box/a', 'wb').write(d)",
    says: /locked with a password/,
    leaves: "",
  },
  {
    name: "noise",
    makes: "import os; open('/box/a', 'wb').write(os.urandom(5000))",
    says: /not unpacked/,
    leaves: "",
  },
  { name: "nothing", makes: "open('/box/a', 'wb')", says: /not unpacked/, leaves: "" },
  {
    name: "a pipe in place of an archive",
    makes: "import os; os.mkfifo('/box/a')",
    says: /no plain file/,
    leaves: "",
  },
];

describeDocker("unpacking", () => {
  test.for(ARCHIVES)("$name", async ({ makes, says, leaves }) => {
    const sandbox = await openSandbox();
    expect(await run(sandbox, python(makes))).toMatchObject({ exitCode: 0 });

    const ran: Ran = await run(sandbox, {
      kind: "argv",
      argv: ["python3", "-I", "-c", UNPACK, "/box/a", "/box/d"],
    });

    expect(ran.out + ran.err).toMatch(says);
    const found = await run(sandbox, {
      kind: "shell",
      command:
        "cd /box/d 2>/dev/null && find . -type f | cut -c3- | sort; ls /box | sort | tr '\\n' ' '; find /box -perm /6000 -o -type l -o -type b -o -type c",
    });
    const files = found.out.split("\n");
    expect(files.at(-1)).toMatch(/^a( d)? ?$/);
    expect(leaves === "many" ? files.length > 100 : files.slice(0, -1).join(" ") === leaves).toBe(
      true,
    );
  });
});
