import type { NewMailRule } from "../core/mail-rules.ts";
import { newMailRule } from "../core/mail-rules.ts";

export interface MailPreset {
  readonly name: string;
  readonly says: string;
  readonly rule: NewMailRule;
}

const PRIORITY = 10;

const preset = (name: string, says: string, rule: object): MailPreset => ({
  name,
  says,
  rule: newMailRule.parse({ priority: PRIORITY, ...rule, name, preset: name }),
});

/** Rules that many want, under the names of the original. */
export const PRESETS: readonly MailPreset[] = [
  preset("job_hunting", "Applicant systems and job boards, interviews and offers", {
    importance: "high",
    definition: {
      any: [
        {
          kind: "domain",
          is: [
            "greenhouse.io",
            "greenhouse-mail.io",
            "lever.co",
            "myworkday.com",
            "workday.com",
            "ashbyhq.com",
            "smartrecruiters.com",
            "icims.com",
            "jobvite.com",
            "workable.com",
            "bamboohr.com",
            "recruitee.com",
            "linkedin.com",
            "indeed.com",
            "glassdoor.com",
            "ziprecruiter.com",
            "stepstone.de",
            "xing.com",
            "jobstreet.com",
          ],
        },
        {
          kind: "subject",
          contains: [
            "interview",
            "job offer",
            "offer letter",
            "recruiter",
            "your application",
            "phone screen",
            "next steps",
          ],
        },
      ],
    },
  }),
  preset("urgent", "Whatever says that it is urgent", {
    importance: "urgent",
    pings: true,
    definition: {
      any: [
        {
          kind: "subject",
          contains: ["urgent", "asap", "emergency", "immediate action", "time sensitive"],
        },
        {
          kind: "regex",
          in: "subject",
          pattern: "\\b(action required|respond by|deadline|critical)\\b",
        },
      ],
    },
  }),
  preset("security", "Password resets, sign-ins, codes", {
    importance: "high",
    definition: {
      any: [
        {
          kind: "subject",
          contains: [
            "password reset",
            "reset your password",
            "password changed",
            "new sign-in",
            "sign-in attempt",
            "new login",
            "two-factor",
            "2fa",
            "verification code",
            "security alert",
            "verify your",
            "suspicious activity",
          ],
        },
      ],
    },
  }),
  preset("financial", "Banks, payments, possible fraud", {
    importance: "high",
    definition: {
      any: [
        {
          kind: "domain",
          is: [
            "paypal.com",
            "stripe.com",
            "wise.com",
            "revolut.com",
            "venmo.com",
            "chase.com",
            "bankofamerica.com",
            "wellsfargo.com",
            "americanexpress.com",
            "citi.com",
            "n26.com",
            "squareup.com",
          ],
        },
        {
          kind: "subject",
          contains: [
            "payment failed",
            "payment received",
            "payment due",
            "fraud",
            "unusual transaction",
            "invoice",
            "overdue",
            "card declined",
          ],
        },
      ],
    },
  }),
  preset("shipping", "Parcels on their way", {
    definition: {
      any: [
        {
          kind: "domain",
          is: ["ups.com", "fedex.com", "usps.com", "dhl.com", "dhl.de", "amazon.com"],
        },
        {
          kind: "subject",
          contains: [
            "shipped",
            "out for delivery",
            "delivered",
            "tracking number",
            "your package",
            "delivery update",
            "on its way",
          ],
        },
      ],
    },
  }),
  preset("newsletters", "Newsletters and lists, together once a day", {
    priority: -10,
    importance: "low",
    action: "digest",
    definition: { any: [{ kind: "list", contains: [] }] },
  }),
  preset("everything", "Every mail that no other rule is for", {
    priority: -100,
    definition: {},
  }),
];
