// Why a job is as fast as it is, as a sentence: framework/diagnosis/why_text.cpp says the same on the command line.
import { duration, percent } from "./format";
import type { Why } from "./types";

type Wait = Why["waits"][number];

export function waiting(wait: Wait): string {
  const share = percent(wait.share), whom = wait.whom;
  const forWhat: Record<string, string> = {
    credit: "for credit" + (whom && ` of ${whom}`),
    input: "for input" + (whom && ` from ${whom}`),
    turn: `for its turn at ${whom}`,
    order: "for the next number" + (whom && ` of ${whom}`),
    build: "for all of its build side" + (whom && `, ${whom}`),
    gate: `for the end of ${whom || "another stage"}`,
    later: "for what it has answered later for",
    ready: "for a thread",
  };
  if (wait.activity === "visit") return `${wait.who} is in visits ${share}`;
  if (wait.activity === "read") return `${wait.who} reads ${share}`;
  if (wait.activity === "move") return `${wait.who} moves chunks ${share}`;
  return `${wait.who} waits ${share} ${forWhat[wait.activity] ?? "for something"}`;
}

function busy(why: Why): string {
  const share = percent(why.share);
  let text = why.activity === "later" ? `waits ${share} for what it has answered later for` : `is busy ${share}`;
  if (why.activity === "read") text += " reading";
  if (why.replicas > 1) text += `, ${why.busy} of ${why.replicas} replicas`;
  if ((why.activity === "visit" || why.activity === "read") && why.lasts_s >= 10) text += `, one for ${duration(why.lasts_s)}`;
  return text;
}

export function because(why: Why): string {
  const share = percent(why.share);
  const whom = why.waits[0]?.whom;
  switch (why.cause) {
    case "visit":
    case "read": return `${why.stage} ${busy(why)}`;
    case "gate": return `${why.stage} ${busy(why)}, and others wait until it has ended`;
    case "skew": return `${why.stage} ${busy(why)}, as they have most of the keys`;
    case "link": return `the link from ${why.stage}${whom ? ` to ${whom}` : ""} is full: its credit is waited for ${share}`;
    case "node": return `node ${why.node} has stopped answering, and has ${why.stage}`;
    case "threads": return `too few threads: ${why.stage} is ready ${share} and has none`;
    case "order": return `the order before ${why.stage}: it waits ${share} for the next number`;
    case "cycle": return `a circle: ${why.stage} waits for what waits for it`;
    default: return "no one share of the time stands out";
  }
}

/// The whole in one line: the cause, and who waits most.
export function inOneLine(why: Why): string {
  const first = why.waits[0];
  return (why.stuck ? "nothing moves: " : "") + because(why) + (first ? `; ${waiting(first)}` : "");
}
