// A file brought to the service part by part (tus 1.0.0): it goes on where it ended, over as many connections as it takes,
// also where the page was loaded again and is given the same file.
import { signal } from "@preact/signals";
import { Refused, ask, get } from "./api";

const kLeastPart = 1 << 20, kMostPart = 16 << 20; // bytes
const kQuick = 500;                                // ms: a part that took less is followed by a larger one
const kLeastWait = 250, kMostWait = 8000;          // ms
const kUploads = "/api/v1/uploads";
const kVersion = { "Tus-Resumable": "1.0.0" };

export type UploadState = "going" | "waiting" | "done" | "cancelled" | "failed";

export interface Progress {
  state: UploadState;
  offset: number;
  rate: number | null; // bytes/s
  sentence: string;    // why it waits, or has failed
}

/// Whether it may be tried again: the way is cut, the service is busy, a part of it is still being written, or the browser is
/// not known any more, which a link changes.
function passes(wrong: unknown): boolean {
  return wrong instanceof Refused && [0, 401, 408, 409, 423, 429, 460, 502, 503, 504].includes(wrong.status);
}

export class Uploading {
  readonly progress = signal<Progress>({ state: "going", offset: 0, rate: null, sentence: "" });
  id = "";
  /// Resolves when it is done, or will not be: see progress.
  readonly ended: Promise<void>;
  /// Resolves when its first part is there, or it has ended.
  readonly begun: Promise<void>;
  private hasBegun = () => {};
  private readonly control = new AbortController();
  private part = kLeastPart;
  private wait = kLeastWait;

  constructor(readonly file: File) {
    this.begun = new Promise((done) => { this.hasBegun = done; });
    this.ended = this.run().finally(() => this.hasBegun());
  }
  private get key(): string {
    return `leat.upload ${this.file.name} ${this.file.size} ${this.file.lastModified}`;
  }
  private set(change: Partial<Progress>): void {
    this.progress.value = { ...this.progress.value, ...change };
  }

  private async run(): Promise<void> {
    for (;;) {
      try {
        const offset = await this.begin();
        this.set({ state: "going", offset, sentence: "" });
        await this.bring(offset);
        forget(this.key);
        return this.set({ state: "done" });
      } catch (wrong) {
        if (this.control.signal.aborted) return;
        if (wrong instanceof Refused && wrong.status === 404 && this.id) {
          // It was removed meanwhile.
          forget(this.key);
          this.id = "";
        } else if (!passes(wrong)) {
          return this.set({ state: "failed", sentence: (wrong as Error).message });
        }
        this.set({ state: "waiting", rate: null, sentence: (wrong as Error).message });
        await this.pause();
      }
    }
  }
  /// How much of it is there.
  private async begin(): Promise<number> {
    const signal = this.control.signal;
    this.id ||= kept(this.key);
    if (this.id) return Number((await get<{ offset: number }>(`${kUploads}/${this.id}`, signal)).offset);
    const name = btoa(String.fromCharCode(...new TextEncoder().encode(this.file.name)));
    const headers = { ...kVersion, "Upload-Length": String(this.file.size), "Upload-Metadata": `filename ${name}` };
    // Not cut short by a cancel: the service may have made it already, and only this answer says what to remove.
    const made = await ask(kUploads, { method: "POST", headers });
    this.id = made.headers.get("Location")!.split("/").pop()!;
    if (signal.aborted) this.remove();
    else keep(this.key, this.id);
    signal.throwIfAborted();
    return 0;
  }
  private async bring(from: number): Promise<void> {
    for (let offset = from; offset < this.file.size;) {
      const began = performance.now(), end = Math.min(offset + this.part, this.file.size);
      const headers = { ...kVersion, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
      await ask(`${kUploads}/${this.id}`, { method: "PATCH", headers, body: this.file.slice(offset, end), signal: this.control.signal });
      const took = performance.now() - began;
      this.set({ offset: end, rate: ((end - offset) / Math.max(took, 1)) * 1000 });
      this.hasBegun();
      if (took < kQuick) this.part = Math.min(kMostPart, this.part * 2);
      else if (took > 4 * kQuick) this.part = Math.max(kLeastPart, this.part / 2);
      this.wait = kLeastWait;
      offset = end;
    }
  }
  private async pause(): Promise<void> {
    const time = this.wait * (0.5 + Math.random());
    this.wait = Math.min(kMostWait, this.wait * 2);
    await new Promise((done) => {
      setTimeout(done, time);
      this.control.signal.addEventListener("abort", done);
    });
  }
  /// Ends it, and has the service forget what has come.
  cancel(): void {
    if (this.progress.value.state === "done") return;
    this.control.abort();
    forget(this.key);
    this.set({ state: "cancelled", sentence: "" });
    if (this.id) this.remove();
  }
  private remove(): void {
    ask(`${kUploads}/${this.id}`, { method: "DELETE", headers: kVersion }).catch(() => {});
  }
}

// Without a store it begins anew.
function kept(key: string): string {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}
function keep(key: string, id: string): void {
  try {
    localStorage.setItem(key, id);
  } catch { /* nor here */ }
}
function forget(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch { /* nor here */ }
}
