// The pure parts of the page. rebuilt_test.sh says where PAGE is.
import assert from "node:assert/strict";
import { bytes, count, duration, left, percent, unknown } from "PAGE/format";
import { flowOf, quantile } from "PAGE/flow";
import { kMostPoints, thinned } from "PAGE/thinned";
import { inOneLine } from "PAGE/why";
import type { Cell, Snapshot, Why } from "PAGE/types";

function figures_are_short_and_what_is_unknown_is_a_dash() {
  assert.deepEqual([count(0), count(999), count(41_200_000), count("9007199254740993"), count(undefined)], ["0", "999", "41.2 M", "9007 T", unknown]);
  assert.deepEqual([bytes(0), bytes(1023), bytes(310 * 2 ** 20), bytes(null)], ["0 B", "1.00 KiB", "310 MiB", unknown]);
  assert.deepEqual([duration(0.1), duration(9.96), duration(727), duration(10_921), duration(NaN)], ["0.1 s", "10 s", "12:07", "3:02:01", unknown]);
  assert.deepEqual([left(14, 16), left(14, 14.2), left(50, 90), left(undefined, 3)], ["14–16 s", "14 s", "50 s–1:30", unknown]);
  assert.deepEqual([percent(0.914), percent(null)], ["91%", unknown]);
}

function cell(more: Partial<Cell>): Cell {
  return { cell: 0, replica: 0, node: 0, stages: [0], stage_ns: [0], now: "visit", for_ns: 0, times_ns: {}, moves: 1, ended: false, detached: false, ...more };
}

function snapshot(seconds: number, cells: Cell[], sent = 0, consumed = 0): Snapshot {
  const end = (at: number) => ({ stage: at, cell: at, replica: 0 });
  const channels = [{
    id: 0, edge: 0, from: end(0), to: end(1), remote: false, keyed: false, window: { bytes: 100, chunks: 10 },
    sender: { sent: { bytes: sent, chunks: 1 }, limit: { bytes: 100, chunks: 10 }, waited_ns: 0 },
    receiver: { received: { bytes: sent, chunks: 1 }, consumed: { bytes: consumed, chunks: 1 }, longest_ns: 5, queued: [0, 98, 0, 2] },
  }];
  return { seconds, took: 0, stages: ["read", "train"], nodes: [{ name: "", threads: 1, heard: true }], cells, channels };
}

function a_box_is_as_its_busiest_replica_and_a_wire_as_its_fullest_channel() {
  const before = snapshot(1, [cell({ times_ns: { visit: 5e8, input: 5e8 } }), cell({ replica: 1, times_ns: { input: 1e9 } }), cell({ cell: 1, stages: [1] })], 100);
  const after = snapshot(2, [cell({ moves: 2, times_ns: { visit: 14e8, input: 6e8 } }), cell({ replica: 1, times_ns: { input: 2e9 } }), cell({ cell: 1, stages: [1], ended: true })], 300, 210);
  const { boxes, wires } = flowOf(after, before);
  assert.deepEqual(boxes.map((box) => [box.stages, box.state, box.replicas.length]), [[["read"], "busy", 2], [["train"], "done", 1]]);
  assert.ok(Math.abs(boxes[0]!.share - 0.9) < 1e-9);
  assert.deepEqual(wires.map((wire) => [wire.from, wire.to, wire.rate, wire.used]), [[0, 1, 200, 0.9]]);
}

function of_another_epoch_nothing_is_taken_off() {
  const before = snapshot(9, [cell({ moves: 100, times_ns: { visit: 9e9 } })], 5000);
  const { boxes } = flowOf(snapshot(1, [cell({ times_ns: { visit: 2e8, input: 8e8 } })], 10), before);
  assert.ok(Math.abs(boxes[0]!.busy - 0.2) < 1e-9);
}

function waits_are_told_by_powers_of_two() {
  assert.deepEqual([quantile([], 0.5), quantile([0, 98, 0, 2], 0.5), quantile([0, 98, 0, 2], 0.99)], [null, 2e-6, 8e-6]);
}

function a_thinned_curve_keeps_its_ends_and_its_peak() {
  const points = Array.from({ length: kMostPoints + 1 }, (_, i): [number, number] => [i, i === 777 ? 100 : 1]);
  const few = thinned(points);
  assert.ok(few.length <= kMostPoints && few.length > kMostPoints / 3);
  assert.deepEqual([few[0], few[few.length - 1], Math.max(...few.map(([, y]) => y))], [[0, 1], [kMostPoints, 1], 100]);
}

function why_is_one_sentence() {
  const why: Why = { cause: "visit", stage: "train", share: 0.97, activity: "visit", lasts_s: 0, busy: 1, replicas: 1, stuck: false, node: "", waits: [{ who: "parse", activity: "credit", share: 0.91, whom: "train" }] };
  assert.equal(inOneLine(why), "train is busy 97%; parse waits 91% for credit of train");
}

for (const test of [figures_are_short_and_what_is_unknown_is_a_dash, a_box_is_as_its_busiest_replica_and_a_wire_as_its_fullest_channel,
                    of_another_epoch_nothing_is_taken_off, waits_are_told_by_powers_of_two, a_thinned_curve_keeps_its_ends_and_its_peak, why_is_one_sentence]) {
  test();
  console.log(`${test.name}: ok`);
}
