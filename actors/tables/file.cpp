#include <leat/actors/tables/file.hpp>

#include <leat/chunk/validate.hpp>
#include <leat/schemas/table_file.capnp.h>

#include <kj/exception.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace leat::tables {
namespace {

constexpr std::string_view kHead = "leat.tab";
constexpr std::string_view kRecord = "leat.chk";
constexpr std::string_view kEnd = "leat.end";

template <class T>
void add(std::string& text, T number) {
  for (std::size_t byte = 0; byte < sizeof number; ++byte) text += static_cast<char>(number >> (8 * byte) & 0xff);
}

template <class T>
T number_at(std::span<const std::byte> bytes, std::size_t at) {
  T number = 0;
  for (std::size_t byte = 0; byte < sizeof number; ++byte) {
    number |= static_cast<T>(static_cast<T>(bytes[at + byte]) << (8 * byte));
  }
  return number;
}

bool begins(std::span<const std::byte> bytes, std::string_view mark) {
  return bytes.size() >= mark.size() && std::memcmp(bytes.data(), mark.data(), mark.size()) == 0;
}

std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

Result<void> check_version(std::uint32_t version) {
  if (version >= kOldestVersion && version <= kVersion) return {};
  return corrupt("it is a file of tables of version " + std::to_string(version) + ", and this leat reads versions " +
                 std::to_string(kOldestVersion) + " to " + std::to_string(kVersion) +
                 "; write it again with this one, or read it with that one");
}

void fill(schema::TableFile::Builder root, const Index& index) {
  root.setRows(index.rows);
  root.setChunks(index.chunks);
  root.setMostBytes(index.most_bytes);
  auto fields = root.initFields(static_cast<capnp::uint>(index.fields.size()));
  for (capnp::uint i = 0; i < fields.size(); ++i) {
    const Field& field = index.fields[i];
    fields[i].setName(capnp::Text::Reader(field.name.c_str(), field.name.size()));
    fields[i].setType(field.type);
    fields[i].setNullable(field.nullable);
    fields[i].setDictionary(field.dictionary);
  }
}

// All of it, where there is structure after its body, too.
std::uint32_t structure_of(const Table& table) {
  auto message = table.chunk().message();
  auto body = table.chunk().root<schema::Table>().getBody();
  auto begins = reinterpret_cast<const std::byte*>(body.begin()) - message.data();
  bool last = static_cast<std::size_t>(begins) + (body.size() + 7) / 8 * 8 == message.size();
  return static_cast<std::uint32_t>(last ? static_cast<std::size_t>(begins) : message.size());
}

Index read(schema::TableFile::Reader root) {
  Index index{{}, root.getRows(), root.getChunks(), root.getMostBytes()};
  for (auto field : root.getFields()) {
    index.fields.push_back({std::string(field.getName().begin(), field.getName().size()), field.getType(),
                            field.getNullable(), field.getDictionary()});
  }
  return index;
}

}  // namespace

std::uint64_t checksum(std::span<const std::byte> bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::string head() {
  std::string text(kHead);
  add(text, kVersion);
  text.resize(kLine);
  return text;
}

Result<void> check_head(std::span<const std::byte> bytes) {
  if (bytes.size() < kLine || !begins(bytes, kHead)) return corrupt("it is no file of tables; name one that tables.write wrote");
  return check_version(number_at<std::uint32_t>(bytes, kHead.size()));
}

std::vector<std::uint64_t> sums_of(std::span<const std::byte> message) {
  std::vector<std::uint64_t> sums;
  for (std::size_t at = 0; at < message.size(); at += kPiece) {
    sums.push_back(checksum(message.subspan(at, std::min(kPiece, message.size() - at))));
  }
  return sums;
}

std::string Record::text() const {
  std::string text(kRecord);
  for (std::uint64_t word : {number, bytes, first_row}) add(text, word);
  add(text, rows);
  add(text, structure);
  add(text, sums);
  add(text, ranged);
  add(text, std::uint32_t{0});
  add(text, checksum(bytes_of(text)));
  return text;
}

Result<Record> Record::of(std::span<const std::byte> bytes) {
  bool sound = bytes.size() == kLine && begins(bytes, kRecord) &&
               number_at<std::uint64_t>(bytes, kLine - 8) == checksum(bytes.first(kLine - 8));
  if (!sound) return corrupt("its beginning is damaged");
  return Record{number_at<std::uint64_t>(bytes, 8), number_at<std::uint64_t>(bytes, 16),
                number_at<std::uint64_t>(bytes, 24), number_at<std::uint32_t>(bytes, 32),
                number_at<std::uint32_t>(bytes, 36), number_at<std::uint64_t>(bytes, 40),
                number_at<std::uint32_t>(bytes, 48)};
}

std::string before(const Table& table, std::uint64_t number) {
  auto message = table.chunk().message();
  auto sums = sums_of(message);
  auto ranges = ranges_of(table);
  sums.insert(sums.end(), ranges.begin(), ranges.end());
  sums.resize(lines(8 * sums.size()) / 8);
  auto all_sums = std::as_bytes(std::span(sums));
  Record record{number, message.size(), table.first_row(), static_cast<std::uint32_t>(table.rows()),
                structure_of(table), checksum(all_sums), static_cast<std::uint32_t>(table.columns())};
  return record.text().append(reinterpret_cast<const char*>(all_sums.data()), all_sums.size());
}

void Index::add(const Table& table) {
  auto columns = table.chunk().root<schema::Table>().getColumns();
  for (capnp::uint i = 0; i < columns.size(); ++i) {
    fields[i].nullable = fields[i].nullable || columns[i].getNullable() || columns[i].getValidity() != 0;
  }
  rows += table.rows();
  ++chunks;
  most_bytes = std::max<std::uint64_t>(most_bytes, table.chunk().bytes());
}

Chunk Index::chunk(Pool& pool) const {
  Building<schema::TableFile> building(pool, 512 + 64 * fields.size());
  fill(building.root(), *this);
  return std::move(building).finish();
}

Index Index::of(const Chunk& chunk) { return read(chunk.root<schema::TableFile>()); }

std::string end_of(const Index& index, std::uint64_t at) {
  auto pool = Pool::make();
  Chunk chunk = index.chunk(*pool);
  auto message = chunk.message();
  std::string text(reinterpret_cast<const char*>(message.data()), message.size());
  std::uint64_t sum = checksum(message);
  add(text, at);
  add(text, sum);
  add(text, kVersion);
  add(text, std::uint32_t{0});
  return text += kEnd;
}

Result<Tail> Tail::of(std::span<const std::byte> bytes) {
  if (bytes.size() != kTail || !begins(bytes.subspan(kTail - kEnd.size()), kEnd)) {
    return corrupt("its end is missing: it was cut, or not written to its end; write it again, or copy it anew");
  }
  if (auto same = check_version(number_at<std::uint32_t>(bytes, 16)); !same) return same.error();
  return Tail{number_at<std::uint64_t>(bytes, 0), number_at<std::uint64_t>(bytes, 8)};
}

Result<Index> index_of(std::span<const std::byte> bytes, const Tail& tail) {
  auto damaged = [] { return corrupt("its index is damaged; write it again, or copy it anew"); };
  if (bytes.empty() || bytes.size() % 8 != 0 || checksum(bytes) != tail.checksum || !validate_message(bytes)) {
    return damaged();
  }
  Index index;
  auto thrown = kj::runCatchingExceptions([&] {
    index = read(capnp::readMessageUnchecked<schema::TableFile>(reinterpret_cast<const capnp::word*>(bytes.data())));
  });
  return thrown == nullptr ? Result<Index>(std::move(index)) : damaged();
}

}  // namespace leat::tables
