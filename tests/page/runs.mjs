// Runs the tests that the command line names, or all of a file: node FILE PROGRAMS [TEST...].
import { join } from "node:path";
import { closeBrowser } from "./browser.mjs";
import { Service } from "./service.mjs";

const programs = process.argv[2];
export const data = new URL("../../examples/data", import.meta.url).pathname;

/// A service whose jobs run until somebody ends them.
export const spinning = () => Service.of(join(programs, "leat_spin"), "--threads", "4");

/// A service of flights' delays.
export const delays = () => Service.of(join(programs, "service"), "--threads", "4", "--data-root", data);

/// The first system.
export const streaming = () => Service.of(join(programs, "streaming_csv"), "--threads", "4");

/// A service of the graphs of a folder.
export const toml = (folder) => Service.of(join(programs, "leat"), "--threads", "4", "--graphs", folder, "--data-root", data);

export async function run(tests) {
  const wanted = process.argv.slice(3);
  try {
    for (const test of tests) {
      if (wanted.length && !wanted.includes(test.name)) continue;
      const began = performance.now();
      await test();
      console.log(`${test.name}: ok after ${((performance.now() - began) / 1000).toFixed(1)} s`);
    }
  } finally {
    await closeBrowser();
  }
}

/// Begins a service, and ends it whatever comes of the test.
export async function withService(begin, test) {
  const service = await begin();
  try {
    await test(service);
  } finally {
    await service.end();
  }
}
