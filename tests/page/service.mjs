// A service as a test has it: a process of `PROGRAM serve` in a folder of its own, asked over HTTP with its token.
import { spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export class Service {
  constructor(program, ...options) {
    this.program = resolve(program);
    this.options = options;
    this.at = mkdtempSync(join(tmpdir(), "leat-page-"));
    this.listen = "127.0.0.1:0";
  }

  static async of(program, ...options) {
    const made = new Service(program, ...options);
    await made.begin();
    return made;
  }

  /// Starts it, at the place it had before; resolves once it has said where it is.
  async begin() {
    const log = openSync(join(this.at, "service.log"), "a");
    this.process = spawn(this.program, ["serve", "--listen", this.listen, ...this.options], {
      cwd: this.at,
      env: { ...process.env, LEAT_STATE: join(this.at, "state") },
      stdio: ["ignore", "pipe", log],
    });
    const gone = new Promise((_, refuse) => this.process.once("exit", () => refuse(new Error("it has not begun: " + this.log()))));
    gone.catch(() => {});
    const said = [];
    const lines = createInterface({ input: this.process.stdout });
    await Promise.race([gone, new Promise((done) => lines.on("line", (line) => { if (said.push(line) === 2) done(); }))]);
    this.link = /open (\S+)/.exec(said[1])[1];
    this.origin = new URL(this.link).origin;
    this.listen = new URL(this.link).host;
    const tokens = readFileSync(join(this.at, "state/service/tokens"), "utf8");
    this.token = /^admin admin (\S+)/m.exec(tokens)[1];
  }

  log() {
    return readFileSync(join(this.at, "service.log"), "utf8");
  }

  async kill() {
    const gone = new Promise((done) => this.process.once("exit", done));
    this.process.kill("SIGKILL");
    await gone;
  }

  async ask(method, path, body) {
    const headers = { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json" };
    const answer = await fetch(this.origin + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  async submit(graph, args = {}, more = {}) {
    return (await this.ask("POST", "/api/v1/jobs", { graph, args, ...more })).id;
  }

  job(id) {
    return this.ask("GET", `/api/v1/jobs/${id}`);
  }

  /// Processes that work in its folder, or below: of jobs, and of what it had just begun.
  pids() {
    return readdirSync("/proc").filter((one) => /^\d+$/.test(one)).filter((one) => {
      try {
        return readlinkSync(`/proc/${one}/cwd`).startsWith(this.at);
      } catch {
        return false;
      }
    }).map(Number);
  }

  async end() {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.kill();
    for (let pids; (pids = this.pids()).length;) {
      for (const pid of pids) {
        try {
          process.kill(pid, "SIGKILL");
        } catch { /* it has ended by itself */ }
      }
    }
    rmSync(this.at, { recursive: true, force: true });
  }
}
