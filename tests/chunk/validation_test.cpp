#include <cstring>
#include <functional>

#include <boost/test/unit_test.hpp>
#include <capnp/serialize.h>
#include <rapidcheck.h>

#include <leat/chunk/table_builder.hpp>
#include <leat/chunk/validate.hpp>
#include <leat/schemas/chunk.capnp.h>

using namespace leat;

namespace {

using Words = std::vector<std::uint64_t>;

bool sound(const Words& words) { return validate_message(std::as_bytes(std::span(words))).ok(); }

std::uint64_t struct_pointer(std::int64_t offset, std::uint64_t data, std::uint64_t pointers) {
  return (static_cast<std::uint64_t>(offset << 2) & 0xffffffff) | data << 32 | pointers << 48;
}
std::uint64_t list_pointer(std::int64_t offset, std::uint64_t size, std::uint64_t count) {
  return (static_cast<std::uint64_t>(offset << 2) & 0xffffffff) | 1 | size << 32 | count << 35;
}

// A table of every type, nullable and with a dictionary where there can be one.
Table some_table(Pool& pool, std::size_t rows = 10) {
  Fields fields;
  for (auto type : {ColumnType::F64, ColumnType::F64, ColumnType::F64, ColumnType::F32, ColumnType::F16,
                    ColumnType::I64, ColumnType::I32, ColumnType::BOOL, ColumnType::TIMESTAMP})
    fields.push_back({std::string(type_name(type)) + std::to_string(fields.size()), type, true, false});
  fields.push_back({"plain", ColumnType::TEXT, true, false});
  fields.push_back({"coded", ColumnType::TEXT, true, true});
  TableBuilder builder(pool, fields, {rows, 4096, true});
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < 9; ++column)
      builder.set_null(column, row);
    builder.row_numbers()[row] = row;
    BOOST_REQUIRE(builder.put(9, row, "some text " + std::to_string(row)));
    BOOST_REQUIRE(builder.put(10, row, row % 2 ? "odd" : "even"));
  }
  return std::move(builder).finish(rows, 0);
}

// Where a field lies in a message: struct's data section and the field's offset, as schemas/table.capnp has them.
enum TableField { kRows = 0, kCapacity = 4, kRowNumbers = 16, kHeap = 24, kHeapSize = 32, kLines = 48 };
enum ColumnField { kType = 0, kDictionarySize = 4, kCells = 8, kValidity = 16, kDictionary = 24 };

template <class Reader>
std::byte* data_of(Reader reader) {
  return reinterpret_cast<std::byte*>(const_cast<kj::byte*>(capnp::AnyStruct::Reader(reader).getDataSection().begin()));
}

// Whether a table is still sound after `change` has been at its bytes.
bool sound_after(const std::function<void(schema::Table::Reader)>& change, std::size_t rows = 10) {
  auto pool = Pool::make();
  Table table = some_table(*pool, rows);
  BOOST_REQUIRE(validate(table.chunk()).ok());
  change(table.chunk().root<schema::Table>());
  return validate(table.chunk()).ok();
}

template <class T>
void put(std::byte* at, T value) {
  std::memcpy(at, &value, sizeof value);
}

template <class T>
bool sound_with(int field, T value) {
  return sound_after([&](auto table) { put<T>(data_of(table) + field, value); });
}
template <class T>
bool sound_with(unsigned column, int field, T value) {
  return sound_after([&](auto table) { put<T>(data_of(table.getColumns()[column]) + field, value); });
}

// Reads all that readers trust; under AddressSanitizer a step outside shows.
std::uint64_t read_all(const Table& table) {
  std::uint64_t sum = 0;
  for (std::size_t column = 0; column < table.columns(); ++column) {
    sum += table.name(column).size();
    bool text = table.type(column) == ColumnType::TEXT || table.type(column) == ColumnType::BYTES;
    for (std::size_t row = 0; row < table.rows(); ++row) {
      sum += table.row_number(row) + table.valid(column, row);
      if (!text) sum += std::to_integer<unsigned>(table.cells(column)[row * cell_bytes(table.type(column))]);
      if (text) {
        for (char c : table.text(column, row))
          sum += static_cast<unsigned char>(c);
      }
    }
  }
  return sum;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(validation)

BOOST_AUTO_TEST_CASE(what_is_built_here_is_sound) {
  auto pool = Pool::make();
  for (std::size_t rows : {0, 1, 7, 100})
    BOOST_TEST(validate(some_table(*pool, rows).chunk()).ok());
  BOOST_TEST(validate(TableBuilder(*pool, {}, 0).finish(0, 0).chunk()).ok());
  Building<schema::Bytes> bytes(*pool, 4096);
  bytes.root().initData(1000);
  BOOST_TEST(validate(std::move(bytes).finish()).ok());
  BOOST_TEST(validate(Building<schema::Number>(*pool).finish()).ok());
}

BOOST_AUTO_TEST_CASE(messages_that_are_no_words_are_refused) {
  Words one{0};
  BOOST_TEST(sound(one));
  BOOST_TEST(!validate_message({}).ok());
  BOOST_TEST(!validate_message(std::as_bytes(std::span(one)).first(7)).ok());
}

BOOST_AUTO_TEST_CASE(pointers_that_lead_outside_are_refused) {
  BOOST_TEST(sound({struct_pointer(0, 1, 0), 5}));
  BOOST_TEST(!sound({struct_pointer(0, 2, 0), 5}));
  BOOST_TEST(!sound({struct_pointer(1, 1, 0), 5}));
  BOOST_TEST(!sound({struct_pointer(-2, 1, 0), 5}));
  BOOST_TEST(!sound({struct_pointer(-(1 << 29), 1, 0), 5}));
  BOOST_TEST(!sound({struct_pointer(0, 0xffff, 0xffff), 5}));
  BOOST_TEST(sound({list_pointer(0, 2, 8), 5}));
  BOOST_TEST(!sound({list_pointer(0, 2, 9), 5}));
  BOOST_TEST(!sound({list_pointer(0, 5, (1u << 29) - 1), 5}));
  BOOST_TEST(sound({list_pointer(0, 6, 1), 0}));
  BOOST_TEST(!sound({list_pointer(0, 6, 2), 0}));
}

BOOST_AUTO_TEST_CASE(far_pointers_and_capabilities_are_refused) {
  BOOST_TEST(!sound({2, 0}));
  BOOST_TEST(!sound({3, 0}));
  BOOST_TEST(!sound({struct_pointer(0, 0, 1), 2}));
}

BOOST_AUTO_TEST_CASE(lists_of_structs_must_be_what_their_tag_says) {
  BOOST_TEST(sound({list_pointer(0, 7, 2), struct_pointer(2, 1, 0), 1, 2}));
  BOOST_TEST(!sound({list_pointer(0, 7, 2), struct_pointer(3, 1, 0), 1, 2}));
  BOOST_TEST(!sound({list_pointer(0, 7, 3), struct_pointer(2, 1, 0), 1, 2}));
  BOOST_TEST(!sound({list_pointer(0, 7, 2), list_pointer(2, 1, 0), 1, 2}));
  BOOST_TEST(!sound({list_pointer(0, 7, 1), struct_pointer(1, 0, 1), struct_pointer(0, 1, 0)}));
  BOOST_TEST(!sound({list_pointer(0, 7, 0), struct_pointer((1 << 29) - 1, 0, 0)}), "a billion of nothing");
  BOOST_TEST(!sound({list_pointer(0, 0, (1u << 29) - 1)}), "a billion of nothing");
}

BOOST_AUTO_TEST_CASE(messages_that_go_in_circles_or_too_deep_are_refused) {
  BOOST_TEST(!sound({struct_pointer(0, 0, 1), struct_pointer(-1, 0, 1)}), "a struct that holds itself");
  Words chain;
  for (int i = 0; i < 15; ++i)
    chain.push_back(struct_pointer(0, 0, 1));
  chain.push_back(struct_pointer(0, 1, 0));
  chain.push_back(7);
  BOOST_TEST(sound(chain));
  chain.insert(chain.begin(), struct_pointer(0, 0, 1));
  BOOST_TEST(!sound(chain));
  // Sixteen levels of lists, each pointing twice to the next: small, and 2^16 visits.
  Words bomb{list_pointer(0, 6, 2)};
  for (int i = 0; i < 14; ++i) {
    bomb.push_back(list_pointer(1, 6, 2));
    bomb.push_back(list_pointer(0, 6, 2));
  }
  bomb.push_back(0);
  bomb.push_back(0);
  BOOST_TEST(!sound(bomb));
}

BOOST_AUTO_TEST_CASE(what_is_accepted_capnproto_reads_with_its_own_checks) {
  BOOST_TEST(rc::check([] {
    auto words = *rc::gen::container<Words>(rc::gen::map(
        rc::gen::tuple(rc::gen::inRange<std::uint64_t>(0, 5), rc::gen::inRange(-3, 6), rc::gen::inRange(0, 4),
                       rc::gen::inRange(0, 4), rc::gen::inRange<std::uint64_t>(0, 8)),
        [](const auto& t) {
          auto [what, offset, data, pointers, size] = t;
          if (what == 0) return std::uint64_t{0};
          if (what <= 2) return struct_pointer(offset, static_cast<std::uint64_t>(data), static_cast<std::uint64_t>(pointers));
          if (what == 3) return list_pointer(offset, size, static_cast<std::uint64_t>(data * 3));
          return std::uint64_t{what};
        }));
    RC_PRE(!words.empty());
    bool ours = sound(words);
    capnp::ReaderOptions limits{4 * words.size(), 17};
    kj::ArrayPtr<const capnp::word> segment(reinterpret_cast<const capnp::word*>(words.data()), words.size());
    kj::ArrayPtr<const capnp::word> segments[1] = {segment};
    auto thrown = kj::runCatchingExceptions([&] {
      capnp::SegmentArrayMessageReader reader(segments, limits);
      reader.getRoot<capnp::AnyPointer>().targetSize();
    });
    RC_CLASSIFY(ours);
    if (ours) RC_ASSERT(thrown == nullptr);
  }));
}

BOOST_AUTO_TEST_CASE(a_table_that_reaches_outside_its_body_is_refused) {
  BOOST_TEST(sound_with<std::uint32_t>(kRows, 3));
  BOOST_TEST(!sound_with<std::uint32_t>(kRows, 11));
  BOOST_TEST(!sound_with<std::uint32_t>(kRows, ~0u));
  BOOST_TEST(!sound_with<std::uint32_t>(kCapacity, 9));
  BOOST_TEST(!sound_with<std::uint64_t>(kRowNumbers, 1 << 20));
  BOOST_TEST(!sound_with<std::uint64_t>(kRowNumbers, 65));
  BOOST_TEST(!sound_with<std::uint64_t>(kLines, 1 << 20));
  BOOST_TEST(!sound_with<std::uint64_t>(kLines, 66));
  BOOST_TEST(!sound_with<std::uint64_t>(kHeap, ~std::uint64_t{0}));
  BOOST_TEST(!sound_with<std::uint64_t>(kHeapSize, 1 << 20));
  BOOST_TEST(!sound_with<std::uint64_t>(kHeapSize, 3), "text past the heap");
  for (unsigned column = 0; column < 11; ++column) {
    BOOST_TEST(!sound_with<std::uint64_t>(column, kCells, 1 << 20));
    BOOST_TEST(!sound_with<std::uint64_t>(column, kCells, ~std::uint64_t{0} - 63));
    BOOST_TEST(!sound_with<std::uint64_t>(column, kValidity, 1 << 20));
    BOOST_TEST(!sound_with<std::uint16_t>(column, kType, 10));
  }
}

BOOST_AUTO_TEST_CASE(cells_off_their_lines_and_columns_at_uneven_distances_are_refused) {
  BOOST_TEST(!sound_after([](auto table) {
    auto column = table.getColumns()[0];
    put<std::uint64_t>(data_of(column) + kCells, column.getCells() + 8);
  }));
  BOOST_TEST(!sound_after([](auto table) {
    auto columns = table.getColumns();
    put<std::uint64_t>(data_of(columns[1]) + kCells, columns[0].getCells());
  }));
}

BOOST_AUTO_TEST_CASE(text_and_codes_that_lead_outside_are_refused) {
  auto cells = [](schema::Table::Reader table, unsigned column) {
    return const_cast<kj::byte*>(table.getBody().begin()) + table.getColumns()[column].getCells();
  };
  for (auto change : {std::pair<std::size_t, std::uint32_t>{8 * 9, 5000}, {8 * 9 + 4, 5000}, {0, ~0u}, {4, ~0u}}) {
    BOOST_TEST(!sound_after([&](auto table) {
      put<std::uint32_t>(reinterpret_cast<std::byte*>(cells(table, 9)) + change.first, change.second);
    }));
  }
  for (std::int32_t code : {2, -1, 1 << 30}) {
    BOOST_TEST(!sound_after([&](auto table) {
      put<std::int32_t>(reinterpret_cast<std::byte*>(cells(table, 10)) + 4 * 9, code);
    }));
  }
  BOOST_TEST(!sound_with<std::uint32_t>(10, kDictionarySize, 1));
  BOOST_TEST(!sound_with<std::uint32_t>(10, kDictionarySize, ~0u));
  BOOST_TEST(!sound_with<std::uint64_t>(10, kDictionary, 1 << 20));
  BOOST_TEST(!sound_with<std::uint64_t>(0, kDictionary, 64), "a dictionary of numbers");
}

BOOST_AUTO_TEST_CASE(a_table_with_any_bytes_changed_is_refused_or_can_be_read) {
  BOOST_TEST(rc::check([] {
    auto pool = Pool::make();
    auto [copy, bytes] = std::move(some_table(*pool)).chunk().copy(*pool).edit(*pool);
    std::size_t structure = reinterpret_cast<const std::byte*>(copy.root<schema::Table>().getBody().begin()) - bytes;
    for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
      auto at = *rc::gen::oneOf(rc::gen::inRange<std::size_t>(0, structure), rc::gen::inRange<std::size_t>(0, copy.bytes()));
      bytes[at] = static_cast<std::byte>(*rc::gen::arbitrary<std::uint8_t>());
    }
    bool ok = validate(copy).ok();
    RC_CLASSIFY(ok);
    if (ok) read_all(Table(copy));
  }));
}

BOOST_AUTO_TEST_SUITE_END()
