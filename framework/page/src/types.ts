// What the service says, as docs/service.md and /api/v1/openapi.json have it. Counts beyond 2^53 come as texts.

export type Count = number | string;
export type Stage = "queued" | "running" | "done" | "failed" | "cancelled" | "crashed";

export interface Job {
  id: number;
  graph: string;
  args?: Record<string, string>;
  tenant: string;
  priority: number;
  pinned: boolean;
  memory: Count;
  threads: number;
  cpu_seconds: number;
  bytes: Count;
  stage: Stage;
  submitted: string | null;
  started: string | null;
  ended: string | null;
  position?: number;
  reason?: string;
  cancelling?: boolean;
  drained?: boolean;
  checkpoints?: number; // seconds between two
  pid?: number;
  sentence?: string;
  process?: Process;
  outcome?: Outcome;
  why?: Why;
  progress?: Progress;
}

/// What the process of a job that runs says of itself.
export interface Process {
  program: string;
  build: string;
  state: string;
  memory?: number;
  checkpoints?: { restarts: number; latest?: number; age_s?: number };
  progress?: Progress;
}

export interface StageProgress {
  name: string;
  replicas: number;
  chunks_in: number;
  chunks_out: number;
  bytes_out: number;
  busy_s: number;
  waiting_s: number;
  idle_s: number;
  repeated: number;
  restarts: number;
  dead_letters: number;
  counts: Record<string, number>;
}

export interface Progress {
  seconds: number;
  bytes: number;
  bytes_total: number;
  rows: number;
  rows_total: number;
  rows_per_s: number;
  rows_per_s_now?: number;
  done?: number;
  eta_least_s?: number;
  eta_most_s?: number;
  stages: StageProgress[];
}

export interface Outcome extends Progress {
  ending: string;
  results: Record<string, string>;
  peak_memory?: number;
  bound?: number;
  warnings?: string[];
}

export type Activity = "visit" | "read" | "move" | "ready" | "input" | "credit" | "turn" | "order" | "build" | "gate" | "later";

export interface Cell {
  cell: number;
  replica: number;
  node: number;
  stages: number[];
  stage_ns: number[];
  now: Activity;
  for_ns: number;
  times_ns: Partial<Record<Activity, number>>;
  moves: number;
  ended: boolean;
  detached: boolean;
  at?: number;
  channel?: number;
}

export interface Amount {
  bytes: number;
  chunks: number;
}

export interface ChannelEnd {
  stage: number;
  cell: number;
  replica: number;
}

export interface Channel {
  id: number;
  edge: number;
  from: ChannelEnd;
  to: ChannelEnd;
  remote: boolean;
  keyed: boolean;
  window: Amount;
  sender?: { sent: Amount; limit: Amount; waited_ns: number };
  receiver?: { received: Amount; consumed: Amount; longest_ns: number; queued: number[] };
}

export interface Snapshot {
  seconds: number;
  took: number;
  stages: string[];
  nodes: { name: string; threads: number; heard: boolean }[];
  cells: Cell[];
  channels: Channel[];
}

export interface Why {
  cause: string;
  stage: string;
  share: number;
  activity: Activity;
  lasts_s: number;
  busy: number;
  replicas: number;
  stuck: boolean;
  node: string;
  waits: { who: string; activity: Activity; share: number; whom: string }[];
}

export interface JobsPicture {
  type: "jobs";
  number: number;
  counts: { queued: number; running: number; ended: number };
  running: Job[];
  queued: Job[];
}

/// Of the job that is watched: null once it is forgotten.
export interface JobPicture {
  type: "job";
  number: number;
  job: Job | null;
  snapshot: { snapshot: Snapshot } | null;
  why: Why | null;
}

/// A change of a job, as it happens.
export interface JobEvent {
  type: string;
  number: number;
  time: string;
  job: number;
  stage?: Stage;
}

/// A line of a process's log.
export interface LogLine {
  number: number;
  time: string;
  level: string;
  phrase: string;
  fields: Record<string, string | number>;
  node?: string;
}

export interface Curve {
  name: string;
  stage?: string;
  x: "step" | "time";
  points: [number, number][];
}

/// A parameter of a graph, or of a route.
export interface Param {
  name: string;
  type: string;
  sentence: string;
  fallback?: string;
  unit?: string;
  least?: number;
  most?: number;
  choices?: string[];
  output?: boolean;
}

export interface GraphEntry {
  name: string;
  sentence: string;
  params: Param[];
}
