import { failureOfStatus, type Judge } from "../../kit/upstream/judge.ts";
import { faultFailure } from "../soap/fault.ts";
import { readFault } from "../soap/reply.ts";

const FAULT = /<(?:\w+:)?Fault[\s>]/;

/** SOAP says with status 500 that it refuses something: that is no trouble of its own, and not worth another try. */
export const judgeY2: Judge = (reply) => {
  const mayBeFault = reply.status === 200 || reply.status >= 400;
  const fault = mayBeFault && FAULT.test(reply.text) ? readFault(reply.text) : null;
  return fault ? faultFailure(fault) : failureOfStatus(reply.status, null);
};
