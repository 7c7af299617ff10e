/** Where Google is: its own addresses, or an emulator's in a test. */
export interface GoogleHosts {
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly revokeUrl: string;
  /** null: each API's own address, as the vendor's library knows it. */
  readonly apiRoot: string | null;
}

export const GOOGLE: GoogleHosts = {
  authorizeUrl: "https://accounts.google.com/o/oauth2/v2/auth",
  tokenUrl: "https://oauth2.googleapis.com/token",
  revokeUrl: "https://oauth2.googleapis.com/revoke",
  apiRoot: null,
};

/** Nothing of a person's Google goes anywhere else. */
export const isGoogles = ({ tokenUrl, revokeUrl, apiRoot }: GoogleHosts, url: URL): boolean =>
  [tokenUrl, revokeUrl, apiRoot].some(
    (own) => own !== null && new URL(own).origin === url.origin,
  ) ||
  (apiRoot === null && url.protocol === "https:" && url.hostname.endsWith(".googleapis.com"));

export type Service = "calendar" | "drive" | "sheets" | "docs";

const SCOPE = "https://www.googleapis.com/auth/";

/** What each part of Google asks for: at Drive, all is read, and only what she made herself is changed. */
const NEEDS: Readonly<
  Record<Service, { readonly name: string; readonly scopes: readonly string[] }>
> = {
  calendar: { name: "Google Calendar", scopes: [`${SCOPE}calendar`] },
  drive: { name: "Google Drive", scopes: [`${SCOPE}drive.readonly`, `${SCOPE}drive.file`] },
  sheets: { name: "Google Sheets", scopes: [`${SCOPE}spreadsheets`] },
  docs: { name: "Google Docs", scopes: [`${SCOPE}documents`] },
};

const SERVICES: readonly Service[] = ["calendar", "drive", "sheets", "docs"];

/** The first two only say whose Google it is. */
export const SCOPES: readonly string[] = [
  "openid",
  "email",
  ...SERVICES.flatMap((service) => NEEDS[service].scopes),
];

export const nameOf = (service: Service): string => NEEDS[service].name;

/** On Google's page every one of them can be left out. */
export const isGranted = (service: Service, granted: readonly string[]): boolean =>
  NEEDS[service].scopes.every((scope) => granted.includes(scope));

/** In words: what was allowed, and what was not. */
export const sortGranted = (granted: readonly string[]) => ({
  services: SERVICES.filter((each) => isGranted(each, granted)).map(nameOf),
  missing: SERVICES.filter((each) => !isGranted(each, granted)).map(nameOf),
});
