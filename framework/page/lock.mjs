// Takes what has an address out of the lock: where packages come from is said by who installs them.
import { readFile, writeFile } from "node:fs/promises";

const file = new URL(process.argv[2] ?? "package-lock.json", `file://${process.cwd()}/`);
const lock = JSON.parse(await readFile(file, "utf8"));
for (const one of Object.values(lock.packages)) {
  delete one.resolved;
  delete one.funding;
}
await writeFile(file, JSON.stringify(lock, null, 2) + "\n");
