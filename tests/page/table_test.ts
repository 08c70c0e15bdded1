// What a table, a series and a file's beginning are reckoned by. rebuilt_test.sh says where PAGE is.
import assert from "node:assert/strict";
import { sampleOf } from "PAGE/sample";
import { chosen, kFewest, panned, places, zoomed } from "PAGE/series";
import { kBars, statisticsOf, writtenBars } from "PAGE/statistics";
import { Measured, cellText, localTime } from "PAGE/table/cells";
import { Columns } from "PAGE/table/columns";
import { Scroll, kMostHeight, kPlain } from "PAGE/table/scroll";

const kSizes = [1, 10, 1000, 208_333, 208_334, 1_000_000, 1_000_000_000];

function every_row_of_a_list_of_any_length_can_be_reached() {
  for (const rows of kSizes) {
    for (const rowHeight of [20, 26, 36]) {
      const scroll = new Scroll(rows, rowHeight, 500);
      assert.ok(scroll.height <= kMostHeight);
      for (const row of [0, 1, Math.floor(rows / 3), Math.floor(rows / 2), rows - 2, rows - 1].filter((one) => one >= 0 && one < rows)) {
        const at = scroll.reach(row);
        assert.ok(at >= 0 && at <= scroll.mostAt, `${rows} ${row}`);
        assert.ok(scroll.top <= row * rowHeight && (row + 1) * rowHeight <= scroll.top + 500 || rows * rowHeight < 500, `${rows} ${row}`);
        assert.ok(scroll.first <= row && row < scroll.first + scroll.seen);
      }
      assert.equal(scroll.topOf(scroll.mostAt), scroll.mostTop, "the thumb at the end is the end");
      assert.equal(scroll.topOf(0), 0);
    }
  }
}

function where_the_element_is_and_where_the_list_is_belong_together() {
  for (const rows of kSizes) {
    const scroll = new Scroll(rows, 26, 700);
    let before = -1;
    for (let part = 0; part <= 1000; ++part) {
      const at = (scroll.mostAt * part) / 1000, top = scroll.topOf(at);
      assert.ok(top >= before, "further down is further down");
      assert.ok(Math.abs(scroll.atOf(top) - at) < 1e-3, `${rows} ${at}`);
      before = top;
    }
  }
}

// As a wheel does: the element moves by 100 pixels, and is put right whenever it rests.
function wheel(scroll: Scroll, notches: number, rests: boolean): number {
  const before = scroll.top;
  for (let notch = 0; notch < Math.abs(notches); ++notch) {
    const at = Math.max(0, Math.min(scroll.mostAt, scroll.at + 100 * Math.sign(notches)));
    if (scroll.scrolled(at) || rests) scroll.to(scroll.top);
  }
  return scroll.top - before;
}

function a_notch_of_the_wheel_is_as_many_rows_in_a_million_as_in_a_thousand() {
  for (const rests of [true, false]) {
    for (const share of [0.1, 0.5, 0.9]) {
      const moved = kSizes.filter((rows) => rows >= 1000).map((rows) => {
        const scroll = new Scroll(rows, 26, 700);
        scroll.to(share * scroll.mostTop);
        return [wheel(scroll, 7, rests), wheel(scroll, -4, rests)];
      });
      for (const one of moved) assert.ok(Math.abs(one[0]! - 700) < 1e-3 && Math.abs(one[1]! + 400) < 1e-3, JSON.stringify(moved));
    }
  }
}

function the_wheel_alone_comes_to_both_ends_and_no_further() {
  const scroll = new Scroll(1_000_000, 26, 700);
  scroll.to(250_000);
  assert.ok(wheel(scroll, -2600, false) <= -249_999);
  assert.deepEqual([scroll.top, scroll.at], [0, 0]);
  scroll.to(scroll.mostTop - 250_000);
  wheel(scroll, 2600, false);
  assert.deepEqual([scroll.top, scroll.at], [scroll.mostTop, scroll.mostAt]);
  assert.ok(scroll.first + scroll.seen >= 1_000_000);
  // Far away from the ends a long way without a rest is right, too: 60,000 notches.
  scroll.to(13_000_000);
  assert.ok(Math.abs(wheel(scroll, 60_000, false) - 6_000_000) < 1);
}

function the_thumb_goes_anywhere_and_another_height_keeps_the_first_row() {
  const scroll = new Scroll(1_000_000, 26, 700);
  scroll.scrolled(2_500_000);
  assert.ok(Math.abs(scroll.top / scroll.mostTop - 0.5) < 0.01);
  scroll.to(26 * 123_456);
  scroll.resize(1_000_000, 20, 500);
  assert.equal(scroll.first, 123_456);
  scroll.resize(10, 20, 500);
  assert.deepEqual([scroll.top, scroll.first], [0, 0]);
  assert.ok(kPlain * 2 < kMostHeight);
}

function columns_are_found_by_pixels() {
  const columns = new Columns([100, 50, 200, 50]);
  assert.deepEqual([columns.width, columns.at(0), columns.at(99), columns.at(100), columns.at(349), columns.at(350), columns.at(9999)], [400, 0, 0, 1, 2, 3, 3]);
  assert.deepEqual([columns.mostSeen(60), columns.mostSeen(400), columns.mostSeen(1), columns.widthOf(2), new Columns().at(5)], [3, 4, 2, 200, 0]);
}

function cells_are_one_line_each() {
  assert.deepEqual(["a\nb", "c\r\nd", "e\u2028f\tg", "\u0007<b>"].map((one) => cellText(one, "text")), ["a⏎b", "c⏎d", "e⏎f g", " <b>"]);
  assert.deepEqual([cellText(null, "f64"), cellText(0.1 + 0.2, "f64"), cellText(1e-9, "f64"), cellText(-1234567.891, "f64"), cellText(12345678901, "i64"), cellText("9007199254740993", "i64"), cellText("inf", "f64"), cellText(true, "bool")],
    ["–", "0.3", "1e-9", "-1234568", "12345678901", "9007199254740993", "inf", "true"]);
  assert.equal(cellText("x".repeat(500), "text").length, 201);
  assert.equal(localTime("2024-03-01T12:00:00.123456Z").slice(-10), "00.123456".padStart(10, ":"));
  assert.equal(localTime("no time"), "no time");
}

function a_text_is_cut_where_the_room_ends() {
  const measured = new Measured((text) => 10 * text.length);
  assert.deepEqual([measured.cut("abcdef", 60), measured.cut("abcdef", 59), measured.cut("123456", 60), measured.cut("1234567", 60), measured.cut("", 0)], ["abcdef", "abcd…", "123456", "12345…", ""]);
  assert.equal(new Measured(() => 10).cut("😀😀😀", 20), "😀…");
}

function a_zoom_keeps_the_row_beneath_the_pointer_and_ends_at_both_ends() {
  const rows = 10_000_000;
  assert.deepEqual(zoomed({ from: 0, to: rows }, 0.5, 0.25, rows), { from: 1_250_000, to: 6_250_000 });
  assert.deepEqual(zoomed({ from: 100, to: 200 }, 10, 0.5, 500), { from: 0, to: 500 });
  assert.deepEqual(zoomed({ from: 0, to: 20 }, 0.1, 1, rows), { from: 4, to: 4 + kFewest });
  assert.deepEqual([panned({ from: 0, to: 100 }, -0.5, 1000), panned({ from: 900, to: 1000 }, 0.5, 1000), panned({ from: 100, to: 200 }, 0.25, 1000)],
    [{ from: 0, to: 100 }, { from: 900, to: 1000 }, { from: 125, to: 225 }]);
  assert.deepEqual([chosen(700.5, 200.2, 1000), chosen(999, 999, 1000), chosen(1, 2, 4)], [{ from: 200, to: 701 }, { from: 984, to: 1000 }, { from: 0, to: 4 }]);
  assert.deepEqual(places({ from: 10, to: 20 }, 5), [11, 13, 15, 17, 19]);
}

function statistics_are_of_what_there_is() {
  const some = statisticsOf([1, 2, null, 3, "inf", 4], true);
  assert.deepEqual([some.looked, some.nulls, some.least, some.greatest, some.mean, some.bars.length], [6, 1, 1, 4, 2.5, kBars]);
  assert.ok(Math.abs(some.deviation! - Math.sqrt(5 / 3)) < 1e-12);
  assert.equal(some.bars.reduce((sum, one) => sum + one), 4);
  assert.deepEqual([statisticsOf([5, 5, 5], true).bars, statisticsOf([null], true).mean, statisticsOf([], true).bars], [[3], null, []]);
  assert.equal(statisticsOf([-1e308, 1e308, 0], true).bars.reduce((sum, one) => sum + one), 3);
  assert.deepEqual(statisticsOf(["b", "a", "b", null, "<i>"], false).distinct, [["b", 2], ["a", 1], ["<i>", 1]]);
}

function bars_that_were_written_down_are_drawn_where_they_are() {
  const row = (bins: string | null) => new Map<string, string | number | null>([["column", "x"], ["bins", bins], ["bins_from", -2], ["bin_width", 0.5]]);
  assert.deepEqual(writtenBars(row("3 0 17")), { bars: [3, 0, 17], from: -2, to: -0.5 });
  assert.deepEqual([writtenBars(row(null)), writtenBars(row("3 <b>")), writtenBars(new Map([["bins", "1"]]))], [null, null, null]);
}

function the_beginning_of_a_file_is_read_as_far_as_it_goes() {
  assert.deepEqual(sampleOf('\ufeffid;name;when\r\n1;"a;""b""\nc";2024-03-01\r\n2;x;2024-03-02T10:00:00Z\r\n3;cut of', false),
    { names: ["id", "name", "when"], types: ["i64", "text", "timestamp"], rows: [["1", 'a;"b"\nc', "2024-03-01"], ["2", "x", "2024-03-02T10:00:00Z"]] });
  assert.deepEqual(sampleOf("x\n1.5\n-2e3", true), { names: ["x"], types: ["f64"], rows: [["1.5"], ["-2e3"]] });
  assert.deepEqual(sampleOf("a,b\n,NA\n", true), { names: ["a", "b"], types: ["text", "text"], rows: [["", "NA"]] });
  assert.deepEqual([sampleOf("", true), sampleOf("PK\0", true), sampleOf('{"a": 1}\n', true)], [null, null, null]);
}

for (const test of [every_row_of_a_list_of_any_length_can_be_reached, where_the_element_is_and_where_the_list_is_belong_together,
                    a_notch_of_the_wheel_is_as_many_rows_in_a_million_as_in_a_thousand, the_wheel_alone_comes_to_both_ends_and_no_further,
                    the_thumb_goes_anywhere_and_another_height_keeps_the_first_row, columns_are_found_by_pixels, cells_are_one_line_each,
                    a_text_is_cut_where_the_room_ends, a_zoom_keeps_the_row_beneath_the_pointer_and_ends_at_both_ends, statistics_are_of_what_there_is,
                    bars_that_were_written_down_are_drawn_where_they_are,
                    the_beginning_of_a_file_is_read_as_far_as_it_goes]) {
  test();
  console.log(`${test.name}: ok`);
}
