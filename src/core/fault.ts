/**
 * Named points where a test may kill the program, see docs/PROMISES.md. A point does nothing unless a test asks.
 * The list is complete: a point that is not here does not compile.
 */
export const FAULT_POINTS = [
  "gateway.frame.received",
  "gateway.inbox.tx.begin",
  "gateway.inbox.tx.inserted",
  "gateway.inbox.tx.committed",
  "gateway.dispatch.handed",
  "gateway.invalid.session",
  "gateway.resumed",
  "gateway.backfill.page.read",
  "gateway.backfill.row.inserted",
  "gateway.backfill.watermark.saved",
  "turn.claim.before",
  "turn.claim.after",
  "turn.lease.renew",
  "turn.context.loaded",
  "turn.prompt.built",
  "turn.llm.step.intent",
  "turn.llm.request.sent",
  "turn.llm.first.byte",
  "turn.llm.half",
  "turn.llm.end",
  "turn.llm.step.result",
  "turn.tool.intent",
  "turn.tool.sent",
  "turn.tool.returned",
  "turn.tool.result.saved",
  "turn.budget.charged",
  "turn.summary.saved",
  "turn.finished",
  "outbox.split",
  "outbox.rows.inserted",
  "outbox.send.before",
  "outbox.send.response.read",
  "outbox.message.id.saved",
  "outbox.edit.before",
  "outbox.edit.after",
  "outbox.part.next",
  "outbox.done",
] as const;

/** The same for what is said by a clock, which has a kill test of its own. */
export const CLOCK_POINTS = [
  "reminder.taken",
  "reminder.send.before",
  "reminder.said",
  "reminder.settled",
  "schedule.taken",
  "schedule.opened",
  "schedule.accepted",
  "schedule.settled",
] as const;

/** The same on the way of a mail to its alert. */
export const MAIL_POINTS = [
  "mail.connected",
  "mail.fetched",
  "mail.judged",
  "mail.recorded",
  "mail.alert.taken",
  "mail.alert.said",
  "mail.alert.settled",
] as const;

export type FaultPoint =
  | (typeof FAULT_POINTS)[number]
  | (typeof CLOCK_POINTS)[number]
  | (typeof MAIL_POINTS)[number];

/** Called as the program passes a point. */
export type Fault = (point: FaultPoint) => void;

export const noFault: Fault = () => {};
