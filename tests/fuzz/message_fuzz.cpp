// Any bytes as a chunk from outside: refused, or read to the last cell without a step outside.
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include <capnp/any.h>

#include <leat/chunk/table.hpp>
#include <leat/chunk/validate.hpp>

using namespace leat;

namespace {

std::uint64_t sum_of(capnp::AnyPointer::Reader any);

std::uint64_t sum_of(capnp::AnyStruct::Reader any) {
  std::uint64_t sum = 0;
  for (auto byte : any.getDataSection())
    sum += byte;
  for (auto pointer : any.getPointerSection())
    sum += sum_of(pointer);
  return sum;
}

std::uint64_t sum_of(capnp::AnyList::Reader any) {
  std::uint64_t sum = 0;
  if (any.getElementSize() == capnp::ElementSize::POINTER) {
    for (auto pointer : any.as<capnp::List<capnp::AnyPointer>>())
      sum += sum_of(pointer);
  } else if (any.getElementSize() == capnp::ElementSize::INLINE_COMPOSITE) {
    for (auto element : any.as<capnp::List<capnp::AnyStruct>>())
      sum += sum_of(element);
  } else {
    for (auto byte : any.getRawBytes())
      sum += byte;
  }
  return sum;
}

std::uint64_t sum_of(capnp::AnyPointer::Reader any) {
  if (any.isStruct()) return sum_of(any.getAs<capnp::AnyStruct>());
  if (any.isList()) return sum_of(any.getAs<capnp::AnyList>());
  return 0;
}

std::uint64_t sum_of(const Table& table) {
  std::uint64_t sum = table.fields().size();
  for (std::size_t column = 0; column < table.columns(); ++column) {
    bool text = table.type(column) == ColumnType::TEXT || table.type(column) == ColumnType::BYTES;
    for (std::size_t row = 0; row < table.rows(); ++row) {
      sum += table.row_number(row) + table.valid(column, row);
      if (!text && is_numeric(table.type(column))) sum += table.number(column, row) > 0;
      if (!text) continue;
      for (char c : table.text(column, row))
        sum += static_cast<unsigned char>(c);
    }
  }
  return sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A block as a pool's, and not a byte longer: what is past it is not to be read.
  std::size_t words = size / 8;
  void* memory = nullptr;
  if (words == 0 || ::posix_memalign(&memory, 64, sizeof(Block) + words * 8) != 0) return 0;
  auto* block = new (memory) Block;
  std::memcpy(block->payload(), data, words * 8);
  block->used = words * 8;
  block->type = capnp::typeId<schema::Table>();
  block->references = 2;  // never given back to a pool
  Chunk chunk(block);
  [[maybe_unused]] volatile std::uint64_t read = 0;
  if (validate_message(chunk.message()).ok()) {
    auto* first = reinterpret_cast<const capnp::word*>(block->payload());
    read = sum_of(capnp::readMessageUnchecked<capnp::AnyPointer>(first));
    if (validate(chunk).ok()) read = sum_of(Table(chunk));
  }
  chunk = {};
  std::free(memory);
  return 0;
}
